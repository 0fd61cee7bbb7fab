#include "run_keys.hpp"

#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

bool take_count(const yaml_node& value, std::int64_t most, int& to) {
  const auto n = to_integer(value);
  if (!n || *n < 1 || *n > most) return false;
  to = static_cast<int>(*n);
  return true;
}

// The choices `a` (true) and `b` (false).
bool take_choice(const yaml_node& value, const char* a, const char* b, bool& is_a) {
  if (value.is != yaml_node::kind::scalar || (value.text != a && value.text != b)) return false;
  is_a = value.text == a;
  return true;
}

bool take_out(const yaml_node& value, run_settings& s) {
  if (value.is != yaml_node::kind::scalar || value.text.empty()) return false;
  s.out = value.text;
  return true;
}
bool take_in_flight(const yaml_node& value, run_settings& s) {
  return take_count(value, 1000000, s.in_flight);
}
bool take_ram(const yaml_node& value, run_settings& s) {
  const auto bytes = to_bytes(value);
  if (!bytes || *bytes < 1048576) return false;
  s.ram = *bytes;
  return true;
}
bool take_threads(const yaml_node& value, run_settings& s) {
  return take_count(value, 1024, s.threads);
}
bool take_on_error(const yaml_node& value, run_settings& s) {
  bool go_on = true;
  if (!take_choice(value, "continue", "stop", go_on)) return false;
  s.error_rule = go_on ? on_error::keep_going : on_error::stop;
  return true;
}
bool take_max_error_rate(const yaml_node& value, run_settings& s) {
  const auto share = to_share(value);
  if (!share || !(*share >= 0 && *share <= 1)) return false;
  s.max_error_rate = *share;
  return true;
}
bool take_device(const yaml_node& value, run_settings& s) {
  if (value.is != yaml_node::kind::scalar || value.text.empty()) return false;
  s.device = value.text;
  return true;
}
bool take_vram(const yaml_node& value, run_settings& s) {
  const auto bytes = to_bytes(value);
  if (!bytes || *bytes < 1048576) return false;
  s.vram = *bytes;
  return true;
}
bool take_max_items(const yaml_node& value, run_settings& s) {
  const auto n = to_integer(value);
  if (!n || *n < 1 || *n > 1000000000) return false;
  s.max_items = static_cast<std::uint64_t>(*n);
  return true;
}
bool take_cache_size(const yaml_node& value, run_settings& s) {
  const auto bytes = to_bytes(value);
  if (!bytes || *bytes < 1048576) return false;
  s.cache_size = *bytes;
  return true;
}
bool take_store(const yaml_node& value, run_settings& s) {
  return take_choice(value, "sqlite", "none", s.store);
}

}  // namespace

const std::vector<run_key>& run_keys() {
  static const std::vector<run_key> table = {
      {"out", "a folder", "runs/last", "the run directory, relative to the working directory", take_out},
      {"in_flight", "an int 1..1000000", "what keeps every thread busy", "the most items in work at once",
       take_in_flight},
      {"ram", "bytes, at least 1MiB, such as 512MiB or 4GiB", "half of what is available",
       "the most memory the items in work may hold", take_ram},
      {"threads", "an int 1..1024", "the cores the process may use", "the threads the stages share", take_threads},
      {"on_error", "continue or stop", "continue", "stop: the first failed item ends the run, resumable",
       take_on_error},
      {"max_error_rate", "a share 0..1 or a percentage 0%..100%, such as 5%", "100%",
       "above it the run stops; judged from 100 finished items on and at the end", take_max_error_rate},
      {"device", "a device, such as cpu or sim:16GiB", "cpu", "where model stages run", take_device},
      {"vram", "bytes, at least 1MiB, such as 8GiB", "what the device has, less 2 GiB",
       "the most memory of the device the run may take", take_vram},
      {"max_items", "an int 1..1000000000", "no limit", "the first n items of all sources together, and no more",
       take_max_items},
      {"cache_size", "bytes, at least 1MiB, such as 512MiB or 4GiB", "8GiB",
       "above it the least recently used answers of stages with `cache: true` are forgotten", take_cache_size},
      {"store", "sqlite or none", "sqlite", "none: results are not kept; no keep, gather, export or resume",
       take_store},
  };
  return table;
}

const run_key* find_run_key(const std::string& name) {
  for (const run_key& k : run_keys())
    if (name == k.name) return &k;
  return nullptr;
}

std::vector<std::string> run_key_names() {
  std::vector<std::string> names;
  for (const run_key& k : run_keys()) names.push_back(k.name);
  return names;
}

run_settings read_run_settings(const yaml_entries& run, problem_sink& out) {
  run_settings settings;
  for (const auto& entry : run) {
    const run_key* key = find_run_key(entry.first.text);
    if (!key || entry.second.faulty) continue;  // told when the file was read
    const yaml_node& value = entry.second;
    if (value.is == yaml_node::kind::null)
      out.error("missing_value", value.at, "'" + entry.first.text + "' has no value; it must be " + key->type);
    else if (!key->take(value, settings))
      out.error("run_setting", value.at, "'" + entry.first.text + "' must be " + key->type + ", but is " + show(value));
  }
  return settings;
}

}  // namespace flowrun::core
