#include "choose_profiles.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "../device/gpu_card.hpp"
#include "../graph/auto_profile.hpp"
#include "../graph/find_profile.hpp"
#include "../plan/device_text.hpp"

namespace flowrun::core {

// Of the run's device, for the profile `auto`; a CPU has none. A device that cannot be read is told by the plan.
static std::uint64_t device_memory(const graph_spec& spec, const gpu_options& gpus) {
  for (const auto& entry : spec.run)
    if (entry.first.text == "device") {
      std::string fault;
      auto device = read_device(entry.second.text, fault);
      if (!device) return 0;
      if (device->kind != "cuda") return device->memory;
      const auto card = open_card(gpus, device->index, fault);
      return card ? card->read().total : 0;
    }
  return 0;
}

static std::optional<profile> load_profile(const graph_spec& spec, const std::string& name, position at,
                                           const std::vector<std::filesystem::path>& folders,
                                           const std::filesystem::path& beside, const gpu_options& gpus,
                                           std::vector<problem>& problems) {
  if (name == auto_profile_name) return auto_profile(device_memory(spec, gpus));
  std::string fault;
  auto file = find_profile(name, folders, beside, fault);
  std::stringstream text;
  if (file) {
    errno = 0;
    std::ifstream in(*file, std::ios::binary);
    text << in.rdbuf();
    if (!in || text.bad())
      fault = "profile " + file->string() + " cannot be read: " + std::strerror(errno ? errno : EIO);
  }
  if (fault.empty()) return read_profile_text(text.str(), file->string(), problems);
  bool in_graph = at.line > 0;
  problems.push_back({"unknown_profile", in_graph ? spec.file : "", at.line, in_graph ? at.column : 0, fault, false});
  return std::nullopt;
}

profile_choice choose_profiles(const graph_spec& spec, const std::vector<std::string>& given,
                               const std::vector<std::filesystem::path>& folders, const gpu_options& gpus,
                               std::vector<problem>& problems) {
  profile_choice chosen;
  for (const std::string& name : given)
    if (auto p = load_profile(spec, name, {}, folders, {}, gpus, problems)) chosen.given.push_back(std::move(*p));
  if (spec.profile)
    chosen.of_graph = load_profile(spec, spec.profile->text, spec.profile->at, folders,
                                   std::filesystem::path(spec.file).parent_path(), gpus, problems);
  return chosen;
}

}  // namespace flowrun::core
