// A plugin described as data: what the sidecar file beside its library holds, and all that check, list and docs read.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <flowrun/stage.hpp>

namespace flowrun::core {

struct type_manifest {
  std::string name;               // "flowrun.image/1"
  std::uint64_t size = 0;         // sizeof, bytes
  std::uint64_t fields_hash = 0;  // 0: declares no fields
  schema fields;
  bool has_content = false;  // values can be compared by what they hold
  bool keepable() const { return fields.kind != value_kind::none; }
  friend bool operator==(const type_manifest& a, const type_manifest& b) {
    return a.name == b.name && a.size == b.size && a.fields_hash == b.fields_hash;
  }
};

struct input_manifest {
  std::string name;
  type_manifest type;
  bool optional = false;
};

struct output_manifest {
  std::string name;
  type_manifest type;
  bool per_row = false;
};

struct param_manifest {
  std::string name, doc, unit;
  param_type type = param_type::text;
  std::optional<double> low, high;
  std::vector<std::string> choices;
  bool required = false;
  bool listing = false, spacing = false;
  bool content = false;  // of a path: what is there decides the answers
  param_value default_value;
};

// A network the stage runs; the stage key `model` chooses another than its default.
struct model_manifest {
  std::string name, file, task;  // "net"; the model file's name; what task it must be for, empty: any
  int batch = 0;                 // rows, the author's default; 0: the runtime's
  bool images = false;           // only files with one input, which holds an image, fit
  bool shapes = false;           // of a model stage: files whose sides have ranges fit
};

struct stage_manifest {
  std::string plugin, name, doc;
  int version = 1;
  stage_shape shape = stage_shape::transform;
  bool serial = false;
  scope span = scope::stream;
  bool temporal = false;
  int parallel = 0;
  bool starts = false;  // calls its model before anything is read
  std::vector<input_manifest> inputs;
  std::vector<output_manifest> outputs;
  std::vector<param_manifest> params;
  std::vector<model_manifest> models;

  std::string use() const { return plugin + "." + name; }
};

struct plugin_manifest {
  std::string name, version, compiler;
  std::uint32_t sdk_major = 0, sdk_minor = 0, string_abi = 1;
  std::string build_id;  // of the library the manifest was made from, hex; empty: it has none
  std::string library;   // that library's file name; the sidecar lies beside it
  std::string backend;   // name of the backend it offers; empty: none
  std::vector<stage_manifest> stages;
};

const char* shape_name(stage_shape s);      // "source", "transform", "gather", "sink", "model", "window", "device"
const char* param_type_name(param_type t);  // "bool", "int", "number", "text", "list of texts", "list of numbers"

// From the code in the library (or the program itself) to data.
stage_manifest make_manifest(const std::string& plugin, const stage_info& stage);

// One sentence per fault of a description: a default outside its range, two ports of one name, a bad name ...
std::vector<std::string> find_faults(const stage_manifest& stage);

// "level (int 0..255, default 128)", for messages and listings.
std::string describe_param(const param_manifest& p);

// The sidecar's JSON. read throws std::runtime_error with one sentence on anything that is not a manifest.
std::string write_manifest(const plugin_manifest& m);
plugin_manifest read_manifest(const std::string& json);

}  // namespace flowrun::core
