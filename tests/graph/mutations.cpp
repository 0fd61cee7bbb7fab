#include "mutations.hpp"

#include <algorithm>

namespace flowrun::core::test {

namespace {

std::string replace(const std::string& text, std::size_t begin, std::size_t end, const std::string& with) {
  return text.substr(0, begin) + with + text.substr(end);
}

std::string misspell(const std::string& name, std::mt19937& random) {
  return name + "zq" + static_cast<char>('a' + random() % 26);
}

bool under(const key_site& s, std::size_t depth, const char* first, const char* third = nullptr) {
  return s.path.size() == depth && s.path[0] == first && (!third || s.path[2] == third);
}

std::vector<mutation> rename_key(const graph_sites& g, std::mt19937& random) {
  std::vector<mutation> all;
  for (const key_site& s : g.keys) {
    const char* rule = "unknown_key";
    if (under(s, 2, "stages") || under(s, 2, "params")) continue;  // names the user chooses
    if (under(s, 4, "stages", "params")) rule = "unknown_param";
    if (under(s, 4, "stages", "in")) rule = "unknown_input";
    all.push_back({replace(g.text, s.begin, s.key_end, misspell(s.path.back(), random)), {rule}, {s.line}});
  }
  return all;
}

bool is_required(const graph_sites& g, const key_site& s) {
  if (s.path.size() == 1) return s.path[0] == "flowrun" || s.path[0] == "stages";
  if (under(s, 3, "stages")) return s.path[2] == "use" || s.path[2] == "in";
  if (const param_manifest* p = g.param(s)) return p->required;
  if (!under(s, 4, "stages", "in")) return false;
  for (const input_manifest& i : g.stage(s.path[1])->inputs)
    if (i.name == s.path[3]) return !i.optional;
  return false;
}

std::vector<mutation> drop_required_key(const graph_sites& g, std::mt19937&) {
  std::vector<mutation> all;
  for (const key_site& s : g.keys) {
    if (!is_required(g, s)) continue;
    std::size_t begin = s.flow ? s.begin : g.text.rfind('\n', s.begin) + 1, end = s.end;
    if (s.flow && g.text[end] == ',')
      end += 2;
    else if (s.flow && !s.first)
      begin = g.text.rfind(',', begin);
    all.push_back({replace(g.text, begin, end, ""),
                   {"missing_key", "missing_input", "missing_param", "missing_value"},
                   {s.parent_line}});
  }
  return all;
}

std::vector<mutation> repeat_key(const graph_sites& g, std::mt19937&) {
  std::vector<mutation> all;
  for (const key_site& s : g.keys) {
    const std::size_t begin = s.flow ? s.begin : g.text.rfind('\n', s.begin) + 1;
    const std::string copy = g.text.substr(s.begin == 0 ? 0 : begin, s.end - begin);
    const auto line = static_cast<int>(std::count(g.text.begin(), g.text.begin() + static_cast<long>(s.end), '\n')) + 1;
    all.push_back({replace(g.text, s.end, s.end, (s.flow ? ", " : "") + copy), {"repeated_key"}, {line}});
  }
  return all;
}

const char* wrong_value(param_type type) {
  switch (type) {
    case param_type::boolean:
      return "maybe";
    case param_type::integer:
      return "many";
    case param_type::number:
      return "\"0.5\"";
    case param_type::text:
      return "[1]";
    case param_type::texts:
      return "one";
    case param_type::numbers:
      return "[1, two]";
  }
  return "";
}

std::vector<mutation> wrong_type(const graph_sites& g, std::mt19937&) {
  std::vector<mutation> all;
  for (const key_site& s : g.keys) {
    if (s.block_value || s.path[0] == "flowrun") continue;
    const char* value = "{a: 1}";
    std::string rule = "wrong_type";
    if (const param_manifest* p = g.param(s)) {
      rule = "param_type";
      value = wrong_value(p->type);
    } else if (under(s, 2, "run")) {
      rule = "run_setting";
    } else if (under(s, 3, "stages") && s.path[2] != "use" && s.path[2] != "in" && s.path[2] != "params") {
      rule = s.path[2] == "parallel" && g.stage(s.path[1])->serial ? "key_not_for_serial" : "stage_setting";
    } else if (under(s, 4, "stages", "in") || s.path.size() == 2) {
      if (s.path[0] == "stages" && s.path.size() == 2) value = "test.light";
    } else if (under(s, 3, "stages", "in")) {
      value = "[{image: photos}]";
    } else if (s.value.is == yaml_node::kind::map) {
      value = "5";
    }
    const std::size_t end = s.flow ? s.end : g.text.find('\n', s.value_begin);
    all.push_back({replace(g.text, s.value_begin, end, value), {rule}, {s.line}});
  }
  return all;
}

void add_number(std::vector<mutation>& all, const graph_sites& g, const key_site& s, const std::string& value,
                const char* rule) {
  const std::size_t end = s.flow ? s.end : g.text.find('\n', s.value_begin);
  all.push_back({replace(g.text, s.value_begin, end, value), {rule}, {s.line}});
}

std::vector<mutation> out_of_range(const graph_sites& g, std::mt19937& random) {
  std::vector<mutation> all;
  for (const key_site& s : g.keys) {
    const auto more = static_cast<long>(random() % 1000) + 1;
    const std::string& name = s.path.back();
    const param_manifest* p = g.param(s);
    if (p && p->low) add_number(all, g, s, std::to_string(static_cast<long>(*p->low) - more), "param_range");
    if (p && p->high) add_number(all, g, s, std::to_string(static_cast<long>(*p->high) + more), "param_range");
    if (p && !p->choices.empty()) add_number(all, g, s, misspell("box", random), "param_choice");
    if (under(s, 3, "stages") && name == "retries") {
      add_number(all, g, s, std::to_string(100 + more), "stage_setting");
      add_number(all, g, s, std::to_string(-more), "stage_setting");
    }
    if (under(s, 2, "run") && (name == "threads" || name == "in_flight")) {
      add_number(all, g, s, std::to_string(1 - more), "run_setting");
      add_number(all, g, s, std::to_string(1000000 + more), "run_setting");
    }
    if (under(s, 2, "run") && name == "max_error_rate")
      add_number(all, g, s, std::to_string(100 + more) + "%", "run_setting");
    if (under(s, 2, "run") && name == "ram") add_number(all, g, s, std::to_string(more) + "kB", "run_setting");
    if (s.path[0] == "flowrun") add_number(all, g, s, std::to_string(1 + more), "version");
  }
  return all;
}

std::vector<mutation> unknown_stage(const graph_sites& g, std::mt19937& random) {
  std::vector<mutation> all;
  for (const ref_site& r : g.refs) {
    const std::size_t dot = std::min(r.text.find('.'), r.text.size());
    const std::string wrong = misspell(r.text.substr(0, dot), random) + r.text.substr(dot);
    all.push_back({replace(g.text, r.begin, r.end, wrong), {"unknown_stage"}, {r.line}});
  }
  for (const key_site& s : g.keys)
    if (under(s, 3, "stages", "use"))
      all.push_back(
          {replace(g.text, s.value_begin, s.value_begin + s.value.text.size(), misspell(s.value.text, random)),
           {"unknown_use"},
           {s.line}});
  return all;
}

std::vector<mutation> unknown_port(const graph_sites& g, std::mt19937& random) {
  std::vector<mutation> all;
  for (const ref_site& r : g.refs) {
    const std::size_t dot = std::min(r.text.find('.'), r.text.size());
    const std::string wrong = r.text.substr(0, dot) + "." + misspell("image", random);
    all.push_back({replace(g.text, r.begin, r.end, wrong), {"unknown_port"}, {r.line}});
  }
  return all;
}

std::vector<mutation> drop_mark(const graph_sites& g, std::mt19937&) {
  std::vector<mutation> all;
  for (const mark_site& m : g.marks)
    all.push_back({replace(g.text, m.at, m.at + 1, ""),
                   {"open_quote", "syntax", "bad_port", "param_type", "wrong_type"},
                   {m.line}});
  return all;
}

// A first key may stand anywhere, the ones after it may not.
std::vector<mutation> change_indent(const graph_sites& g, std::mt19937&) {
  std::vector<mutation> all;
  for (const key_site& s : g.keys) {
    if (s.flow || s.first) continue;
    all.push_back({replace(g.text, s.begin, s.begin, " "), {"syntax"}, {s.line}});
    if (g.text[s.begin - 1] == ' ') all.push_back({replace(g.text, s.begin - 1, s.begin, ""), {"syntax"}, {s.line}});
  }
  return all;
}

std::vector<mutation> swap_types(const graph_sites& g, std::mt19937&) {
  std::vector<mutation> all;
  for (const ref_site& a : g.refs)
    for (const ref_site& b : g.refs) {
      if (a.reader.empty() || b.reader.empty() || a.end > b.begin || g.type_of(a.text)->name == g.type_of(b.text)->name)
        continue;
      const std::string later = replace(g.text, b.begin, b.end, a.text);
      all.push_back({replace(later, a.begin, a.end, b.text), {"type_mismatch"}, {a.line, b.line}});
    }
  return all;
}

}  // namespace

const std::vector<mutation_kind>& mutation_kinds() {
  static const std::vector<mutation_kind> kinds = {
      {"rename key", rename_key},     {"drop required key", drop_required_key}, {"repeat key", repeat_key},
      {"wrong type", wrong_type},     {"out of range", out_of_range},           {"unknown stage", unknown_stage},
      {"unknown port", unknown_port}, {"drop quote or bracket", drop_mark},     {"change indent", change_indent},
      {"swap two types", swap_types},
  };
  return kinds;
}

}  // namespace flowrun::core::test
