// What may be wrong with a description.
#include <algorithm>
#include <set>

#include "../graph/yaml_values.hpp"
#include "manifest.hpp"
#include "param_text.hpp"

namespace flowrun::core {

namespace {

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

void check_param(const param_manifest& p, const stage_manifest& stage, fault_list& list) {
  if (p.listing && stage.shape != stage_shape::source)
    list.add("'" + p.name + "' is marked .listing(), but only a source lists items; take the mark away");
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

static void check_models(const stage_manifest& stage, fault_list& list) {
  if (stage.starts && stage.models.empty())
    list.add("it has a start(), but no model to call; open() is called before the first item too");
  const bool device = stage.shape == stage_shape::device;
  if (device && stage.models.empty()) list.add("a device stage needs a model to call, d.model(\"net\")");
  if (device && stage.starts) list.add("a device stage has no start(); that is for a model stage");
  if (!device && stage.shape != stage_shape::model && !stage.models.empty())
    list.add("it names the model '" + stage.models[0].name + "', but nothing calls it; d.device() does");
  if (stage.shape == stage_shape::model && stage.models.size() > 1)
    list.add("it has " + std::to_string(stage.models.size()) + " models, but prepare() and finish() are for one");
  std::set<std::string> models;
  for (const model_manifest& m : stage.models) {
    list.check_name(m.name, "model", models);
    if (m.batch < 0)
      list.add("the batch of model '" + m.name + "' is " + std::to_string(m.batch) + ", but must be at least 1");
  }
}

std::vector<std::string> find_faults(const stage_manifest& stage) {
  fault_list list(stage);
  std::set<std::string> stages, params;
  list.check_name(stage.name, "stage", stages);
  if (stage.parallel < 0) list.add("parallel is " + std::to_string(stage.parallel) + ", but must be at least 1");
  check_ports(stage, list);
  check_models(stage, list);
  for (const param_manifest& p : stage.params) {
    list.check_name(p.name, "param", params);
    check_param(p, stage, list);
  }
  return std::move(list.faults);
}

}  // namespace flowrun::core
