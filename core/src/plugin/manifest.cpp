#include "manifest.hpp"

#include <algorithm>
#include <set>

#include "../graph/yaml_values.hpp"
#include "param_text.hpp"

namespace flowrun::core {

const char* shape_name(stage_shape s) {
  switch (s) {
    case stage_shape::source:
      return "source";
    case stage_shape::transform:
      return "transform";
    case stage_shape::gather:
      return "gather";
    case stage_shape::sink:
      return "sink";
  }
  return "unknown";
}

const char* param_type_name(param_type t) {
  switch (t) {
    case param_type::boolean:
      return "bool";
    case param_type::integer:
      return "int";
    case param_type::number:
      return "number";
    case param_type::text:
      return "text";
    case param_type::texts:
      return "list of texts";
    case param_type::numbers:
      return "list of numbers";
  }
  return "unknown";
}

namespace {

type_manifest make_type(const type_info* type) {
  type_manifest m;
  if (!type) return m;
  m.name = type->name;
  m.size = type->size;
  m.fields_hash = type->fields_hash;
  m.fields = type->fields;
  return m;
}

class fault_list {
 public:
  explicit fault_list(const stage_manifest& stage) : use_(stage.use()) {}
  void add(const std::string& what) { faults.push_back(use_ + ": " + what); }
  void check_name(const std::string& name, const char* kind, std::set<std::string>& seen) {
    if (!is_name(name))
      add("'" + name + "' cannot name " + (std::string("aeiou").find(kind[0]) == std::string::npos ? "a " : "an ") +
          kind + "; use letters, digits, _ and -");
    else if (!seen.insert(name).second)
      add(std::string("two of its ") + kind + "s are named '" + name + "'");
  }
  std::vector<std::string> faults;

 private:
  std::string use_;
};

void check_param(const param_manifest& p, fault_list& list) {
  if (p.low && p.high && *p.low > *p.high)
    list.add("the range of '" + p.name + "' is empty: " + number_text(*p.low) + ".." + number_text(*p.high));
  if (p.default_value.index() != static_cast<std::size_t>(p.type))
    list.add("the default of '" + p.name + "' is not of its type, " + param_type_name(p.type));
  else if (!p.required)
    if (const std::string fault = find_value_fault(p, p.default_value); !fault.empty())
      list.add("the default of '" + p.name + "' " + fault);
}

void check_ports(const stage_manifest& stage, fault_list& list) {
  std::set<std::string> inputs, outputs;
  for (const input_manifest& i : stage.inputs) list.check_name(i.name, "input", inputs);
  for (const output_manifest& o : stage.outputs) list.check_name(o.name, "output", outputs);
  const bool source = stage.shape == stage_shape::source, sink = stage.shape == stage_shape::sink;
  if (source && !stage.inputs.empty()) list.add("a source has no inputs");
  if (!source && stage.inputs.empty()) list.add(std::string("a ") + shape_name(stage.shape) + " needs an input");
  if (sink && !stage.outputs.empty()) list.add("a sink has no outputs");
  if (!sink && stage.outputs.empty()) list.add(std::string("a ") + shape_name(stage.shape) + " needs an output");
  for (const input_manifest& i : stage.inputs)
    if (stage.shape == stage_shape::gather && !i.type.keepable())
      list.add("it gathers '" + i.name + "', but " + i.type.name + " has no fields, so it cannot be kept");
}

}  // namespace

stage_manifest make_manifest(const std::string& plugin, const stage_info& stage) {
  stage_manifest m;
  m.plugin = plugin;
  m.name = stage.name;
  m.doc = stage.doc;
  m.version = stage.version;
  m.shape = stage.shape;
  m.serial = stage.serial;
  m.span = stage.span;
  m.temporal = stage.temporal;
  m.parallel = stage.parallel;
  for (const input_info& i : stage.inputs) m.inputs.push_back({i.name, make_type(i.type), i.optional});
  for (const output_info& o : stage.outputs) m.outputs.push_back({o.name, make_type(o.type), o.per_row});
  for (const param_info& p : stage.params)
    m.params.push_back({p.name, p.doc, p.unit, p.type, p.low, p.high, p.choices, p.required, p.default_value});
  return m;
}

std::vector<std::string> find_faults(const stage_manifest& stage) {
  fault_list list(stage);
  std::set<std::string> stages, params;
  list.check_name(stage.name, "stage", stages);
  if (stage.parallel < 0) list.add("parallel is " + std::to_string(stage.parallel) + ", but must be at least 1");
  check_ports(stage, list);
  for (const param_manifest& p : stage.params) {
    list.check_name(p.name, "param", params);
    check_param(p, list);
  }
  return std::move(list.faults);
}

}  // namespace flowrun::core
