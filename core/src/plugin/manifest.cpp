#include "manifest.hpp"

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
    case stage_shape::model:
      return "model";
    case stage_shape::window:
      return "window";
    case stage_shape::device:
      return "device";
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
  m.has_content = type->content != nullptr;
  return m;
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
  m.starts = stage.call_start != nullptr;
  for (const input_info& i : stage.inputs) m.inputs.push_back({i.name, make_type(i.type), i.optional});
  for (const output_info& o : stage.outputs) m.outputs.push_back({o.name, make_type(o.type), o.per_row});
  for (const param_info& p : stage.params)
    m.params.push_back({p.name, p.doc, p.unit, p.type, p.low, p.high, p.choices, p.required, p.listing, p.spacing,
                        p.content, p.default_value});
  for (const model_info& n : stage.models) m.models.push_back({n.name, n.file, n.task, n.batch, n.images, n.shapes});
  return m;
}

}  // namespace flowrun::core
