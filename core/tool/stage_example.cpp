// An example graph for a stage's page, put together from the stages that are there.
#include <set>
#include <vector>

#include "stage_page.hpp"

namespace tool {

namespace {

class example_graph {
 public:
  explicit example_graph(const json& all) : all_(all) {}

  // Adds the stage after all that it reads from; returns its name in the graph.
  std::string add(const listed_stage& of, int depth = 0) {
    const json& s = *of.stage;
    std::string line = "{use: " + use_of(*of.plugin, s);
    if (!s["inputs"].empty()) line += ", in: " + wire(s, depth);
    if (const std::string params = example_params(s); !params.empty()) line += ", params: {" + params + "}";
    const std::string name = free_name(of);
    lines_ += "  " + name + ": " + line + "}\n";
    return name;
  }

  // A picture cannot be kept: something has to take it.
  void add_sink(const listed_stage& of, const std::string& name) {
    const json& outputs = (*of.stage)["outputs"];
    if (outputs.empty()) return;
    for (const json& o : outputs)
      if (text_of(o["type"]["fields"]["kind"]) != "none") return;
    for (const json& p : all_["plugins"])
      for (const json& s : p["stages"])
        if (text_of(s["shape"]) == "sink" && s["inputs"].size() == 1 &&
            s["inputs"][0]["type"]["name"] == outputs[0]["type"]["name"] && example_params(s).empty()) {
          lines_ += "  " + free_name({&p, &s}) + ": {use: " + use_of(p, s) + ", in: " + name + "." +
                    text_of(outputs[0]["name"]) + "}\n";
          return;
        }
  }

  std::string text() const { return "flowrun: 1\nstages:\n" + lines_; }

 private:
  // The `in` of a stage.
  std::string wire(const json& s, int depth) {
    std::string all;
    std::size_t required = 0;
    for (const json& i : s["inputs"]) {
      if (i.value("optional", false)) continue;
      const std::string port = find_port(text_of(i["type"]["name"]), depth);
      all += (all.empty() ? "" : ", ") + text_of(i["name"]) + ": " + port;
      if (s["inputs"].size() == 1) return port;
      ++required;
    }
    return required == 0 ? find_port(text_of(s["inputs"][0]["type"]["name"]), depth) : "{" + all + "}";
  }

  // A port of that type, of a stage that is added where it is not yet there: a source if possible, else the first that
  // itself can be fed.
  std::string find_port(const std::string& type, int depth) {
    for (const auto& [known, port] : ports_)
      if (known == type) return port;
    constexpr int deepest = 4;
    for (bool sources : {true, false})
      for (const json& p : all_["plugins"])
        for (const json& s : p["stages"])
          for (const json& o : s["outputs"]) {
            const bool fits = o["type"]["name"] == type && (text_of(s["shape"]) == "source") == sources;
            if (!fits || (!sources && reads(s, type)) || depth == deepest || text_of(s["shape"]) == "gather") continue;
            const std::string port = add({&p, &s}, depth + 1) + "." + text_of(o["name"]);
            ports_.emplace_back(type, port);
            return port;
          }
    return "STAGE.PORT";
  }

  static bool reads(const json& s, const std::string& type) {
    for (const json& i : s["inputs"])
      if (text_of(i["type"]["name"]) == type) return true;
    return false;
  }

  // What has to be given, and where a source looks for its items.
  static std::string example_params(const json& s) {
    std::string params;
    bool place = false;
    for (const json& p : s["params"]) {
      const bool looks = p["listing"].get<bool>() && text_of(p["type"]) == "text" && !place;
      place = place || looks;
      if (!p["required"].get<bool>() && !looks) continue;
      params += (params.empty() ? "" : ", ") + text_of(p["name"]) + ": " + example_value(p, looks);
    }
    return params;
  }

  static std::string example_value(const json& p, bool looks) {
    if (looks) return "photos";
    if (p.contains("choices")) return text_of(p["choices"][0]);
    const std::string type = text_of(p["type"]);
    if (type == "bool") return "true";
    if (type == "text") return text_of(p["name"]);
    if (type.rfind("list", 0) == 0) return "[]";
    return p.contains("low") ? p["low"].dump() : "1";
  }

  // A source is named like its plugin, anything else like itself.
  std::string free_name(const listed_stage& of) {
    const std::string stage = text_of((*of.stage)["name"]), plugin = text_of((*of.plugin)["name"]);
    std::string name = text_of((*of.stage)["shape"]) == "source" ? plugin : stage;
    for (const std::string& other : {stage, plugin, plugin + "-" + stage})
      if (names_.count(name)) name = other;
    names_.insert(name);
    return name;
  }

  const json& all_;
  std::string lines_;
  std::set<std::string> names_;
  std::vector<std::pair<std::string, std::string>> ports_;  // type, port
};

}  // namespace

std::string make_example_graph(const json& all, const listed_stage& of) {
  example_graph graph(all);
  const std::string name = graph.add(of);
  graph.add_sink(of, name);
  return graph.text();
}

}  // namespace tool
