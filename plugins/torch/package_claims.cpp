#include "package_claims.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace flowrun::torch_backend {

namespace {

constexpr const char* again = "; compile it again: flowrun models compile";

std::vector<std::string> split(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string w; in >> w;) words.push_back(w);
  return words;
}

std::string claim(const std::unordered_map<std::string, std::string>& claims, const char* name) {
  auto found = claims.find(name);
  return found == claims.end() ? "" : found->second;
}

// "2.14.1+cu130" and "2.14.1" are one.
std::string release(const std::string& version) {
  return version.substr(0, version.find('+'));
}

}  // namespace

std::vector<std::string> cpu_instructions() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("flags", 0) == 0) return split(line.substr(std::min(line.find(':') + 1, line.size())));
  return {};
}

std::string find_unfit(const std::unordered_map<std::string, std::string>& claims, const std::string& declared,
                       const machine& here) {
  std::string device = claim(claims, "AOTI_DEVICE_KEY");
  if (device != here.device)
    return "was compiled for " + (device.empty() ? "no device known" : device) + ", not for " + here.device + again;
  for (const std::string& version : {claim(claims, "FLOWRUN_TORCH"), declared})
    if (!version.empty() && release(version) != release(here.torch))
      return "was compiled by torch " + release(version) + ", this LibTorch is " + release(here.torch) + again;
  if (here.instructions.empty()) return {};
  for (const std::string& needed : split(claim(claims, "FLOWRUN_CPU_INSTRUCTIONS")))
    if (std::find(here.instructions.begin(), here.instructions.end(), needed) == here.instructions.end())
      return "was compiled for a CPU with " + needed + ", which this one has not" + again;
  return {};
}

}  // namespace flowrun::torch_backend
