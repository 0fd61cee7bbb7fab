#include "listed_stages.hpp"

#include <cstdio>

#include "tool.hpp"

namespace tool {

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string use_of(const json& plugin, const json& stage) {
  return text_of(plugin["name"]) + "." + text_of(stage["name"]);
}

std::string first_sentence(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') return text.substr(0, i);
    if (text[i] == '.' && i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\n'))
      return text.substr(0, i + 1);
  }
  return text;
}

listed_stage find_stage(const json& all, const std::string& use) {
  for (const json& p : all["plugins"])
    for (const json& s : p["stages"])
      if (use_of(p, s) == use) return {&p, &s};
  return {};
}

int report_unknown_stage(const json& all, const std::string& use) {
  std::vector<std::string> uses;
  for (const json& p : all["plugins"])
    for (const json& s : p["stages"]) uses.push_back(use_of(p, s));
  std::fprintf(stderr, "flowrun: no stage '%s'; flowrun plugins list shows what there is.%s\n", use.c_str(),
               did_you_mean(use, uses).c_str());
  for (const json& f : all["failures"])
    if (use.rfind(text_of(f["plugin"]) + ".", 0) == 0)
      std::fprintf(stderr, "%s is not usable: %s\n", text_of(f["library"]).c_str(), text_of(f["reason"]).c_str());
  return usage;
}

}  // namespace tool
