#include "stage_page.hpp"

#include <algorithm>
#include <cctype>

namespace tool {

namespace {

// One cell of a table.
std::string cell(const std::string& text) {
  std::string t;
  for (char c : text) {
    if (c == '|') t += '\\';
    t += c == '\n' ? ' ' : c;
  }
  return t;
}

std::string code(const std::string& text) {
  return "`" + text + "`";
}

std::string row(std::initializer_list<std::string> cells) {
  std::string line = "|";
  for (const std::string& c : cells) line += c.empty() ? " |" : " " + cell(c) + " |";
  return line + "\n";
}

// How often and in which order it is called.
std::string calls_text(const json& s) {
  const std::string shape = text_of(s["shape"]);
  if (shape == "gather") return "called once, after the last item";
  if (s["serial"].get<bool>())
    return text_of(s["scope"]) == "run" ? "one call at a time, in order, with one state for the whole run"
                                        : "one call at a time, in order, with a state for each stream";
  const int parallel = s["parallel"].get<int>();
  if (parallel == 1) return "one call at a time, in any order";
  if (parallel > 1) return "up to " + std::to_string(parallel) + " calls at once";
  return "several calls at once";
}

std::string shape_line(const json& s) {
  std::string shape = text_of(s["shape"]);
  shape[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(shape[0])));
  return shape + ", version " + text_of(s["version"]) + ", " + calls_text(s) +
         (s["temporal"].get<bool>() ? "; a set of stills is skipped: it needs time" : "") + ".\n";
}

bool has_children(const json& schema) {
  return schema.contains("children") && !schema["children"].empty();
}

// "list of float32", "text or null".
std::string kind_text(const json& schema) {
  const std::string kind = text_of(schema["kind"]);
  if (kind == "object") return "map";
  if (!has_children(schema)) return kind;
  const std::string inner = kind_text(schema["children"][0]);
  if (kind == "optional") return inner + " or null";
  if (kind == "array") return text_of(schema["count"]) + " of " + inner;
  return "list of " + inner;
}

// A row for each field; those of a map inside follow it, named `boxes[].score`.
void add_field_rows(const json& schema, const std::string& prefix, std::string& page) {
  const bool object = text_of(schema["kind"]) == "object";
  if (!has_children(schema)) return;
  for (const json& child : schema["children"]) {
    if (!object) {
      const std::string kind = text_of(schema["kind"]);
      add_field_rows(child, prefix + (kind == "optional" ? "" : "[]"), page);
      continue;
    }
    const std::string name = (prefix.empty() ? "" : prefix + ".") + text_of(child["name"]);
    page += row({code(name), kind_text(child), child.contains("doc") ? text_of(child["doc"]) : ""});
    add_field_rows(child, name, page);
  }
}

void add_ports(const json& s, std::string& page) {
  page += "## Ports\n\n| port | type | |\n| --- | --- | --- |\n";
  for (const json& i : s["inputs"])
    page += row({"in " + code(text_of(i["name"])), code(text_of(i["type"]["name"])),
                 i.value("optional", false) ? "optional" : ""});
  for (const json& o : s["outputs"]) {
    const bool keepable = text_of(o["type"]["fields"]["kind"]) != "none";
    page += row({"out " + code(text_of(o["name"])), code(text_of(o["type"]["name"])),
                 std::string(keepable ? "can be kept" : "cannot be kept") +
                     (o.value("per_row", false) ? "; a value for each row of the first input" : "")});
  }
  for (const json& o : s["outputs"]) {
    std::string fields;
    add_field_rows(o["type"]["fields"], "", fields);
    if (fields.empty()) continue;
    page += "\n## Fields of " + text_of(o["name"]) +
            "\n\n| field | type | range, unit; what it is |\n| --- | --- | --- |\n" + fields;
  }
}

// The names of the params with this mark, "`a`, `b`".
std::string list_params(const json& s, const char* mark) {
  std::string names;
  for (const json& p : s["params"])
    if (p.value(mark, false)) names += (names.empty() ? "" : ", ") + code(text_of(p["name"]));
  return names;
}

void add_params(const json& s, std::string& page) {
  if (s["params"].empty()) return;
  page += "\n## Params\n\n| param | type, range | default | |\n| --- | --- | --- | --- |\n";
  for (const json& p : s["params"])
    page += row({code(text_of(p["name"])), text_of(p["value_text"]),
                 p["required"].get<bool>() ? "required" : code(text_of(p["default_text"])), text_of(p["doc"])});
  const std::string listing = list_params(s, "listing"), spacing = list_params(s, "spacing");
  if (!listing.empty())
    page += "\nWhich items there are, but not what they hold, is decided by: " + listing +
            ". Another value of these keeps the\nresults of items that are listed again.";
  if (!listing.empty() && !spacing.empty())
    page += " But which item follows which is decided by: " + spacing +
            ". After another value of\nthese, windows and other stages that look at an item's neighbours are computed "
            "anew.";
  if (!listing.empty()) page += "\n";
  if (const std::string names = list_params(s, "content"); !names.empty())
    page += "\nFiles named by " + names + ": what is in them is part of the results, and not where they lie.\n";
}

void add_models(const json& s, std::string& page) {
  if (!s.contains("models") || s["models"].empty()) return;
  page += "\n## Models\n\n| model | model file | task | rows in a batch |\n| --- | --- | --- | --- |\n";
  for (const json& m : s["models"])
    page += row({code(text_of(m["name"])), m["file"] == "" ? "the graph names one" : code(text_of(m["file"])),
                 m["task"] == "" ? "any" : text_of(m["task"]), m["batch"] == 0 ? "" : text_of(m["batch"])});
}

void add_keys(const json& s, std::string& page) {
  std::string keys;
  for (const json& key : s["keys"]) keys += (keys.empty() ? "" : ", ") + code(text_of(key));
  page += "\n## Keys\n\nIn a graph file the stage takes the keys " + keys + ".\n";
}

}  // namespace

std::string make_stage_page(const json& all, const listed_stage& of) {
  const json& s = *of.stage;
  const std::string use = use_of(*of.plugin, s), doc = text_of(s["doc"]);
  const std::size_t first = std::min(doc.find("\n\n"), doc.size());
  std::string page =
      "<!-- Made by `flowrun plugins page " + use + "`: to change it, change the stage's describe(). -->\n";
  page += "# " + use + "\n\n" + doc.substr(0, first) + "\n\n" + shape_line(s) + "\n";
  // An author's own example says more than one that is made.
  if (doc.find("```yaml") == std::string::npos) page += "```yaml\n" + make_example_graph(all, of) + "```\n\n";
  if (first < doc.size()) page += doc.substr(first + 2) + "\n\n";
  add_ports(s, page);
  add_params(s, page);
  add_models(s, page);
  add_keys(s, page);
  return page;
}

}  // namespace tool
