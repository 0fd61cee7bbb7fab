#include "stage_keys.hpp"

namespace flowrun::core {

const std::vector<stage_key>& stage_keys() {
  constexpr auto structure = key_value::structure;
  constexpr auto integer = key_value::integer;
  constexpr auto choice = key_value::choice;
  constexpr unsigned no_gather = for_all & ~for_gathers;
  constexpr unsigned work = no_gather & ~for_sources;
  static const std::vector<stage_key> table = {
      {"use", for_all, nullptr, structure, 0, 0, {}, "plugin.stage", "required", "which stage of which plugin this is"},
      {"in",
       for_all & ~for_sources,
       nullptr,
       structure,
       0,
       0,
       {},
       "STAGE, STAGE.PORT, a list of them, or a map of input: port",
       "required",
       "where its inputs come from; a list is a union of ports of different sources"},
      {"params", for_all, nullptr, structure, 0, 0, {}, "map", "{}", "the stage's own parameters"},
      {"parallel",
       no_gather,
       "it is serial: one call at a time, in order",
       integer,
       1,
       1024,
       {},
       "int 1..1024",
       "min(threads, 8)",
       "the most calls of it at once"},
      {"retries",
       no_gather,
       "it is serial: its state would see the item twice",
       integer,
       0,
       100,
       {},
       "int 0..100",
       "0",
       "how often an item that ended in an error is tried again"},
      {"on_error",
       for_all,
       nullptr,
       choice,
       0,
       0,
       {"continue", "stop"},
       "continue | stop",
       "as in run:",
       "stop: the first error of this stage ends the run, resumable"},
      {"order",
       for_sinks,
       nullptr,
       choice,
       0,
       0,
       {"keep", "any"},
       "keep | any",
       "any",
       "keep: the sink sees the items in the order they were read"},
      {"cache",
       for_transforms | for_models | for_windows | for_devices,
       "it is serial: its answer depends on the items before",
       key_value::boolean,
       0,
       0,
       {},
       "true or false",
       "false",
       "true: answers to the same input are taken from an earlier call, of any run"},
      {"every",
       work,
       nullptr,
       integer,
       1,
       1000000,
       {},
       "int 1..1000000",
       "1",
       "n: works on every n-th item of a stream, the first included; the others answer `skip: sampled out`"},
      {"max_items",
       for_sources,
       nullptr,
       integer,
       1,
       1000000000,
       {},
       "int 1..1000000000",
       "no limit",
       "the first n items of what the source lists, and no more"},
      {"model",
       for_models | for_devices,
       nullptr,
       structure,
       0,
       0,
       {},
       "text or map",
       "the stage's own",
       "the model file, by name; a map of MODEL: NAME where the stage runs several"},
      {"batch",
       for_models,
       nullptr,
       integer,
       1,
       65536,
       {},
       "int 1..65536",
       "the stage's own, else 16",
       "the most rows in one call of the model"},
      {"lanes",
       for_models | for_devices | for_sources,
       nullptr,
       integer,
       1,
       64,
       {},
       "int 1..64",
       "2 on a device, else the threads",
       "calls of the model at once; of a device stage: calls of it; of a source: loads"},
      {"precision",
       for_models | for_devices,
       nullptr,
       choice,
       0,
       0,
       {"auto", "fp32", "fp16", "bf16"},
       "auto | fp32 | fp16 | bf16",
       "auto",
       "how the model computes"},
      {"device",
       for_models | for_devices,
       nullptr,
       key_value::text,
       0,
       0,
       {},
       "text, such as cpu or sim:16GiB",
       "the run's",
       "where the model runs"},
      {"pin",
       for_models | for_devices,
       nullptr,
       key_value::boolean,
       0,
       0,
       {},
       "true or false",
       "true",
       "page-locked buffers, on a device that has use for them"},
      {"vram",
       for_models | for_devices,
       nullptr,
       key_value::bytes,
       0,
       0,
       {},
       "bytes, such as 4GiB",
       "no cap",
       "the most device memory its calls may take at once"},
  };
  return table;
}

const stage_key* find_stage_key(const std::string& name) {
  for (const stage_key& k : stage_keys())
    if (name == k.name) return &k;
  return nullptr;
}

unsigned shape_bit(stage_shape s) {
  switch (s) {
    case stage_shape::source:
      return for_sources;
    case stage_shape::transform:
      return for_transforms;
    case stage_shape::gather:
      return for_gathers;
    case stage_shape::sink:
      return for_sinks;
    case stage_shape::model:
      return for_models;
    case stage_shape::window:
      return for_windows;
    case stage_shape::device:
      return for_devices;
  }
  return 0;
}

std::string list_shapes(unsigned shapes) {
  std::vector<std::string> names;
  if (shapes & for_sources) names.push_back("sources");
  if (shapes & for_transforms) names.push_back("transforms");
  if (shapes & for_gathers) names.push_back("gathers");
  if (shapes & for_sinks) names.push_back("sinks");
  if (shapes & for_models) names.push_back("model stages");
  if (shapes & for_windows) names.push_back("windows");
  if (shapes & for_devices) names.push_back("device stages");
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

std::vector<std::string> stage_key_names() {
  std::vector<std::string> names;
  for (const stage_key& k : stage_keys()) names.push_back(k.name);
  return names;
}

}  // namespace flowrun::core
