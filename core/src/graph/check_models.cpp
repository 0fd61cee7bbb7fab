// Which model files the model stages run.
#include "../model/row_shape.hpp"
#include "check_state.hpp"
#include "nearest_name.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

struct wished_model {
  std::string file;
  position at;
};

std::vector<std::string> names_of(const stage_manifest& m) {
  std::vector<std::string> names;
  for (const model_manifest& model : m.models) names.push_back(model.name);
  return names;
}

// `model: NAME` for a stage with one model, or `model: {net: NAME}`.
void read_choices(const stage_draft& s, const yaml_node& value, std::vector<wished_model>& wished, problem_sink& out) {
  const auto& models = s.manifest->models;
  if (value.is == yaml_node::kind::scalar) {
    if (models.size() == 1)
      wished[0] = {value.text, value.at};
    else
      out.error("model_choice", value.at,
                stage_text(s) + " runs several models; write model: {MODEL: NAME}, where MODEL is one of: " +
                    list_names(names_of(*s.manifest)));
    return;
  }
  if (value.is != yaml_node::kind::map) {
    out.error("model_choice", value.at,
              "'model' must be the name of a model file, or a map of MODEL: NAME, but is " + show(value));
    return;
  }
  for (const auto& entry : value.entries) {
    std::size_t i = 0;
    while (i < models.size() && models[i].name != entry.first.text) ++i;
    if (i == models.size())
      out.error("unknown_key", entry.first.at,
                "'" + entry.first.text + "' is not a model of " + stage_text(s) + "; it has: " +
                    list_names(names_of(*s.manifest)) + did_you_mean(entry.first.text, names_of(*s.manifest)));
    else if (expect_text(entry.second, "model '" + entry.first.text + "'", out))
      wished[i] = {entry.second.text, entry.second.at};
  }
}

std::string describe_search(const model_catalog& models, const std::string& wrong, std::string& nearest) {
  std::vector<std::string> known;
  for (const model_file& m : models.models) known.push_back(m.name);
  nearest = did_you_mean(wrong, known);
  std::string text = known.empty() ? "no model file was found" : "there is: " + list_names(known);
  return text + (models.folders.empty() ? "; no folder of models is known, name one with --models"
                                        : "; searched: " + list_names(models.folders));
}

// What keeps a stage that puts one image a row from running this model; empty: nothing does.
std::string find_image_fault(const model_file& m) {
  if (m.inputs.size() != 1) {
    std::vector<std::string> names;
    for (const model_port& p : m.inputs) names.push_back(p.name);
    return "it has " + std::to_string(m.inputs.size()) + " inputs: " + list_names(names);
  }
  const auto written = m.preprocess.find(m.inputs[0].name);
  try {
    read_row_shape(m, m.inputs[0], written == m.preprocess.end() ? preprocess_spec() : written->second);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

void take_file(graph_state& g, stage_draft& s, const model_manifest& model, const wished_model& wish) {
  if (wish.file.empty()) {
    g.out.error("no_model", wish.at,
                stage_text(s) + " has no model file of its own for '" + model.name + "'; write model: NAME");
    return;
  }
  const model_file* found = g.models.find(wish.file);
  if (!found) {
    for (const refused_model& r : g.models.refused)
      if (r.file.stem() == wish.file) {
        g.out.error("bad_model", wish.at, "the model file of '" + wish.file + "' cannot be used: " + r.reason);
        return;
      }
    std::string nearest;
    std::string search = describe_search(g.models, wish.file, nearest);
    // The author's choice, so no slip of a pen: it is only not there yet.
    if (wish.file == model.file) nearest = "; get it with: flowrun models fetch " + wish.file;
    g.out.error("unknown_model", wish.at, "there is no model '" + wish.file + "'; " + search + nearest);
    return;
  }
  if (!model.task.empty() && found->task != model.task) {
    g.out.error("model_task", wish.at,
                "the model '" + wish.file + "' is for " + (found->task.empty() ? "no task" : "'" + found->task + "'") +
                    ", but '" + model.name + "' of " + stage_text(s) + " needs one for '" + model.task + "'");
    return;
  }
  const bool batched = s.manifest->shape == stage_shape::model && !model.shapes;
  for (const auto* ports : {&found->inputs, &found->outputs})
    for (const model_port& p : *ports)
      if (batched && !p.fixed()) {
        g.out.error("model_shape", wish.at,
                    "the model '" + wish.file + "' has '" + p.name +
                        "' of a shape with a range; rows of one size are batched: give the model a fixed shape");
        return;
      }
  if (const std::string fault = model.images ? find_image_fault(*found) : ""; !fault.empty()) {
    g.out.error("model_input", wish.at,
                "the model '" + wish.file + "' does not take one image, which is all that " + stage_text(s) +
                    " gives it: " + fault);
    return;
  }
  if (found->stream_state) check_stream_state(g, s, *found, wish.at);
  s.settings.model.files.push_back(*found);
}

}  // namespace

void find_models(graph_state& g) {
  for (stage_draft& s : g.stages) {
    if (!s.manifest || s.manifest->models.empty()) continue;
    std::vector<wished_model> wished;
    for (const model_manifest& m : s.manifest->models) wished.push_back({m.file, s.spec->use_at});
    bool readable = true;
    for (const auto& entry : s.given.keys)
      if (entry.first.text == "model") {
        readable = !entry.second.faulty && entry.second.is != yaml_node::kind::null;
        if (readable) read_choices(s, entry.second, wished, g.out);
      }
    if (!readable) continue;
    for (std::size_t i = 0; i < wished.size(); ++i) take_file(g, s, s.manifest->models[i], wished[i]);
  }
}

}  // namespace flowrun::core
