#include "contents.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include "../store/fingerprint.hpp"

namespace flowrun::core {

namespace fs = std::filesystem;

namespace {

// Links to folders are followed, so a loop of them needs an end.
constexpr int deepest = 8;

std::string digest_file(const fs::path& file) {
  fingerprint_hash h;
  std::ifstream in(file, std::ios::binary);
  h.add(in.is_open());
  std::vector<char> bytes(std::size_t{1} << 20);
  while (in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) || in.gcount() > 0)
    h.add(static_cast<const void*>(bytes.data()), static_cast<std::size_t>(in.gcount()));
  return h.bytes();
}

void add_folder(fingerprint_hash& h, const fs::path& folder) {
  std::map<std::string, std::string> below;  // sorted: a folder lists in any order
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, error), end;
  for (; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    const bool is_folder = at->is_directory(unknown);
    if (is_folder && at.depth() >= deepest) at.disable_recursion_pending();
    below[at->path().lexically_relative(folder).native()] = is_folder ? "" : digest_file(at->path());
  }
  h.add(error.value());
  for (const auto& [name, digest] : below) h.add(name).add(digest);
}

}  // namespace

void add_contents(const checked_graph& graph, std::vector<std::string>& identities) {
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    const checked_stage& s = graph.stages[i];
    for (std::size_t k = 0; k < s.params.size(); ++k) {
      if (!s.manifest.params[k].content) continue;
      const auto& path = std::get<std::string>(s.params[k]);
      fingerprint_hash h;
      h.add(s.manifest.params[k].name);
      if (path.empty())
        h.add("none");
      else if (std::error_code error; fs::is_directory(path, error))
        add_folder(h, path);
      else
        h.add(digest_file(path));
      identities[i] += h.bytes();
    }
  }
}

}  // namespace flowrun::core
