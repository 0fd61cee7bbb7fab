#include "stage_keys.hpp"

namespace flowrun::core {

const std::vector<stage_key>& stage_keys() {
  constexpr auto structure = key_value::structure;
  constexpr auto integer = key_value::integer;
  constexpr auto choice = key_value::choice;
  constexpr unsigned no_gather = for_sources | for_transforms | for_sinks;
  static const std::vector<stage_key> table = {
      {"use", for_all, nullptr, structure, 0, 0, nullptr, nullptr, "plugin.stage", "required",
       "which stage of which plugin this is"},
      {"in", for_transforms | for_gathers | for_sinks, nullptr, structure, 0, 0, nullptr, nullptr,
       "STAGE, STAGE.PORT, a list of them, or a map of input: port", "required",
       "where its inputs come from; a list is a union of ports of different sources"},
      {"params", for_all, nullptr, structure, 0, 0, nullptr, nullptr, "map", "{}", "the stage's own parameters"},
      {"parallel", no_gather, "it is serial: one call at a time, in order", integer, 1, 1024, nullptr, nullptr,
       "int 1..1024", "min(threads, 8)", "the most calls of it at once"},
      {"retries", no_gather, "it is serial: its state would see the item twice", integer, 0, 100, nullptr, nullptr,
       "int 0..100", "0", "how often an item that ended in an error is tried again"},
      {"on_error", for_all, nullptr, choice, 0, 0, "continue", "stop", "continue | stop",
       "as in run:", "stop: the first error of this stage ends the run, resumable"},
      {"order", for_sinks, nullptr, choice, 0, 0, "keep", "any", "keep | any", "any",
       "keep: the sink sees the items in the order they were read"},
      {"model", for_models, nullptr, structure, 0, 0, nullptr, nullptr, "text or map", "", "the model file"},
      {"batch", for_models, nullptr, integer, 1, 65536, nullptr, nullptr, "int", "", "rows in one call of the model"},
      {"lanes", for_models, nullptr, integer, 1, 64, nullptr, nullptr, "int", "", "calls of the model at once"},
      {"precision", for_models, nullptr, structure, 0, 0, nullptr, nullptr, "text", "", "fp32, fp16, bf16 or auto"},
      {"device", for_models, nullptr, structure, 0, 0, nullptr, nullptr, "text", "", "where the model runs"},
      {"pin", for_models, nullptr, structure, 0, 0, nullptr, nullptr, "bool", "", "page-locked buffers"},
      {"vram", for_models, nullptr, structure, 0, 0, nullptr, nullptr, "bytes", "", "a cap on device memory"},
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
  }
  return 0;
}

std::string list_shapes(unsigned shapes) {
  if (shapes == for_models) return "model stages";
  std::vector<std::string> names;
  if (shapes & for_sources) names.push_back("sources");
  if (shapes & for_transforms) names.push_back("transforms");
  if (shapes & for_gathers) names.push_back("gathers");
  if (shapes & for_sinks) names.push_back("sinks");
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

std::vector<std::string> usable_stage_keys() {
  std::vector<std::string> names;
  for (const stage_key& k : stage_keys())
    if (k.shapes != for_models) names.push_back(k.name);
  return names;
}

}  // namespace flowrun::core
