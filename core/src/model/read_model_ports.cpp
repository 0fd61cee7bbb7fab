// The `inputs` and `outputs` of a model file.
#include <algorithm>
#include <charconv>
#include <limits>

#include "graph/yaml_values.hpp"
#include "model_sections.hpp"
#include "model_values.hpp"

namespace flowrun::core {

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int32_t>::max();  // a side, and the values of a row
constexpr std::size_t most_sides = 8;

const std::vector<choice<dtype>>& dtype_choices() {
  static const std::vector<choice<dtype>> all = [] {
    std::vector<choice<dtype>> made;
    for (dtype t :
         {dtype::float32, dtype::float16, dtype::bfloat16, dtype::uint8, dtype::int32, dtype::int64, dtype::boolean})
      made.push_back({dtype_name(t), t});
    return made;
  }();
  return all;
}

std::optional<std::int64_t> to_side(const char* begin, const char* end) {
  std::int64_t n = 0;
  const auto [stop, error] = std::from_chars(begin, end, n);
  if (error != std::errc() || stop != end || begin == end || n < 1 || n > largest) return std::nullopt;
  return n;
}

// 224, or a range: 1..512.
std::optional<dimension> to_dimension(const yaml_node& value) {
  if (value.is != yaml_node::kind::scalar) return std::nullopt;
  const char *begin = value.text.data(), *end = begin + value.text.size();
  const std::size_t dots = value.text.find("..");
  if (dots == std::string::npos && value.quoted) return std::nullopt;
  const auto low = to_side(begin, dots == std::string::npos ? end : begin + dots);
  const auto high = dots == std::string::npos ? low : to_side(begin + dots + 2, end);
  if (!low || !high || *low > *high) return std::nullopt;
  return dimension{*low, *high};
}

void read_shape(const yaml_node& value, const std::string& what, model_port& to, problem_sink& out) {
  if (!expect_list(value, what, out)) return;
  if (value.items.size() > most_sides) {
    out.error("wrong_value", value.at, what + " has " + std::to_string(value.items.size()) + " sides; 8 at most");
    return;
  }
  for (const yaml_node& item : value.items) {
    const auto side = to_dimension(item);
    if (side)
      to.shape.push_back(*side);
    else
      refuse(item, "a side of " + what, "an int 1..2147483647 or a range of them, such as 1..512", out);
  }
  std::int64_t values = 1;
  for (const dimension& d : to.shape) {
    if (d.high > largest / values) {
      out.error("too_large", value.at, what + " makes rows of more than 2147483647 values; make a side smaller");
      return;
    }
    values *= d.high;
  }
}

void read_buckets(const yaml_node& value, const std::string& what, std::vector<std::int64_t>& to, problem_sink& out) {
  if (!expect_list(value, what, out)) return;
  if (value.items.empty()) out.error("missing_value", value.at, what + " is empty; write the sizes, or remove it");
  for (const yaml_node& item : value.items) {
    const auto n = read_integer(item, "a size of " + what, 1, largest, out);
    if (n && !to.empty() && *n <= to.back())
      out.error("wrong_value", item.at,
                what + " must ascend, but " + std::to_string(*n) + " comes after " + std::to_string(to.back()));
    if (n) to.push_back(*n);
  }
}

// Every size of a ranged side must have a bucket above it, and no bucket may lie outside.
void check_buckets(const model_port& port, const yaml_node& value, const std::string& what, problem_sink& out) {
  std::int64_t low = largest, high = 0;
  for (const dimension& d : port.shape) {
    if (d.low == d.high) continue;
    low = std::min(low, d.low);
    high = std::max(high, d.high);
  }
  const std::string range = std::to_string(low) + ".." + std::to_string(high);
  if (high == 0)
    out.error("unused_key", value.at, what + " rounds a ranged side up, but the shape has none; remove it");
  else if (port.buckets.front() < low || port.buckets.back() > high)
    out.error("wrong_value", value.at, what + " must be within the side's range " + range);
  else if (port.buckets.back() < high)
    out.error("wrong_value", value.at,
              what + " must end with " + std::to_string(high) + ", the end of the side's range " + range +
                  "; sizes above " + std::to_string(port.buckets.back()) + " have no bucket");
}

model_port read_port(const yaml_node& value, const std::string& list, problem_sink& out) {
  model_port port;
  const std::string what = "an entry of '" + list + "'";
  if (!expect_map(value, what, out)) return port;
  const yaml_node* buckets = nullptr;
  const std::size_t before = out.errors();
  read_keys(value, what,
            {{"name", [&](const yaml_node& v) { read_name(v, "'name'", port.name, out); }, "write name: NAME"},
             {"dtype", [&](const yaml_node& v) { read_choice(v, "'dtype'", dtype_choices(), port.type, out); }},
             {"shape", [&](const yaml_node& v) { read_shape(v, "'shape'", port, out); },
              "write shape: [3, 224, 224], without the dimension of the batch"},
             {"buckets", [&](const yaml_node& v) { read_buckets(*(buckets = &v), "'buckets'", port.buckets, out); }}},
            out);
  if (buckets && out.errors() == before) check_buckets(port, *buckets, "'buckets'", out);
  return port;
}

}  // namespace

std::vector<model_port> read_model_ports(const yaml_node& value, const std::string& key, problem_sink& out) {
  std::vector<model_port> ports;
  if (!expect_list(value, "'" + key + "'", out)) return ports;
  if (value.items.empty())
    out.error("missing_value", value.at, "'" + key + "' is empty; a model has at least one of them");
  for (const yaml_node& item : value.items) {
    model_port port = read_port(item, key, out);
    const auto same =
        std::find_if(ports.begin(), ports.end(), [&](const model_port& p) { return p.name == port.name; });
    if (same != ports.end() && !port.name.empty())
      out.error("repeated_name", item.at,
                "'" + port.name + "' names two of the '" + key + "'; give each a name of its own");
    ports.push_back(std::move(port));
  }
  return ports;
}

}  // namespace flowrun::core
