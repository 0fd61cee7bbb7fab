// cpu | cuda | cuda:N | sim:SIZE[,die_after=N][,oom_above=N][,others=SIZE]
#include "device_text.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "../graph/nearest_name.hpp"
#include "../graph/yaml_values.hpp"

namespace flowrun::core {

namespace {

constexpr std::uint64_t least_memory = std::uint64_t{1} << 20;  // less is a forgotten unit

template <class T> std::optional<T> read_count(const std::string& text) {
  T n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<std::uint64_t> read_size(const std::string& text) {
  yaml_node n;
  n.is = yaml_node::kind::scalar;
  n.text = text;
  return to_bytes(n);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// `part` is NAME=VALUE. Returns what is wrong with it.
std::string read_sim_fault(const std::string& part, device_spec& d) {
  static const std::vector<std::string> known = {"die_after", "oom_above", "others"};
  const std::size_t equals = part.find('=');
  const std::string name = part.substr(0, equals);
  if (std::find(known.begin(), known.end(), name) == known.end())
    return "'" + name + "' is not a setting of a sim device; there is: " + list_names(known) +
           did_you_mean(name, known);
  const bool size = name == "others";
  const std::string example = size ? "others=4GiB" : name + "=100";
  const std::string value = equals == std::string::npos ? std::string() : part.substr(equals + 1);
  if (value.empty()) return "'" + name + "' has no value; write " + example;
  const auto n = size ? read_size(value) : read_count<std::uint64_t>(value);
  if (!n || *n == 0)
    return "'" + name + "' must be " + (size ? "a size" : "a number from 1") + ", such as " + example + ", but is '" +
           value + "'";
  if (size && *n > d.memory) return "'others' is " + value + ", which is more than the device has";
  if (name == "die_after") d.die_after = *n;
  if (name == "oom_above") d.oom_above = static_cast<std::size_t>(*n);
  if (size) d.others = *n;
  return {};
}

std::string read_sim(const std::string& rest, device_spec& d) {
  const std::vector<std::string> parts = split(rest);
  if (parts[0].empty()) return "'sim' needs the size of its memory; write sim:16GiB";
  const auto memory = read_size(parts[0]);
  if (!memory || *memory < least_memory)
    return "the memory of a sim device must be a size of at least 1MiB, such as sim:16GiB, but is '" + parts[0] + "'";
  d.memory = *memory;
  std::vector<std::string> seen;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    std::string fault = read_sim_fault(parts[i], d);
    if (!fault.empty()) return fault;
    const std::string name = parts[i].substr(0, parts[i].find('='));
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return "'" + name + "' is given twice";
    seen.push_back(name);
  }
  return {};
}

std::string read_cuda(const std::string& rest, device_spec& d) {
  const auto n = read_count<int>(rest);
  if (!n || *n < 0) return "'" + rest + "' is not the number of a CUDA device; the first is cuda:0";
  d.index = *n;
  return {};
}

std::string unknown_kind(const std::string& kind) {
  const std::string near = kind == "gpu" ? ". Did you mean 'cuda'?" : did_you_mean(kind, {"cpu", "cuda", "sim"});
  return "'" + kind + "' is not a device; there is: cpu, cuda, cuda:N, sim:SIZE" + near;
}

}  // namespace

std::optional<device_spec> read_device(const std::string& text, std::string& fault) {
  device_spec d;
  d.text = text;
  const std::size_t end = text.find_first_of(":,");
  d.kind = text.substr(0, end);
  const bool more = end != std::string::npos;
  const std::string rest = more && text[end] == ':' ? text.substr(end + 1) : std::string();
  if (text.empty())
    fault = "the device has no name; write cpu, cuda, cuda:N or sim:SIZE";
  else if (d.kind == "cpu")
    fault = more ? "nothing may stand behind 'cpu', but here it is '" + text + "'; write cpu" : std::string();
  else if (d.kind == "cuda")
    fault = more ? read_cuda(rest, d) : std::string();
  else if (d.kind == "sim")
    fault = read_sim(rest, d);
  else
    fault = unknown_kind(d.kind);
  if (!fault.empty()) return std::nullopt;
  return d;
}

}  // namespace flowrun::core
