// A model file for a network of the user's own.
#include <flowrun/models.hpp>

#include <algorithm>
#include <new>

#include <flowrun/atomic_file.hpp>

#include "../graph/yaml_values.hpp"
#include "../model/model_yaml.hpp"
#include "../model/opened_model.hpp"
#include "../model/read_model_file.hpp"
#include "join_folders.hpp"
#include "measure_network.hpp"
#include "open_backend.hpp"

namespace flowrun {

namespace fs = std::filesystem;
using namespace core;

namespace {

std::string backend_of(const model_addition& wanted) {
  if (!wanted.backend.empty()) return wanted.backend;
  const std::string ending = wanted.network.extension().string();
  if (ending == ".pt" || ending == ".pt2" || ending == ".jit" || ending == ".pth") return "torch";
  if (ending == ".onnx") return "dnn";
  throw model_error(wanted.network.string() +
                    " has no ending that names a backend (.pt, .pt2, .onnx); say which opens it, "
                    "such as --backend torch");
}

// The draft's text, read back: what a model file may say is decided in one place.
model_file read_draft(const model_draft& draft, const fs::path& file) {
  std::vector<problem> problems;
  model_file model = read_model_text(write_model_yaml(draft), file, problems);
  std::string text;
  for (const problem& p : problems)
    if (!p.warning) text += (text.empty() ? "" : "; ") + p.text;
  if (!text.empty()) throw model_error("no model can be made of this: " + text);
  return model;
}

void draft_inputs(const model_addition& wanted, model_draft& draft) {
  if (wanted.inputs.empty())
    throw model_error("a network does not tell its inputs; write the shape of one row, such as --input 3x224x224");
  for (std::size_t i = 0; i < wanted.inputs.size(); ++i) {
    std::string unnamed = wanted.preprocess.empty() ? "input" : "image", name;
    if (i > 0) unnamed = "input" + std::to_string(i + 1);
    draft.inputs.push_back(read_input(wanted.inputs[i], unnamed, name));
    if (i == 0) draft.first_input = name;
  }
}

void draft_preprocess(const model_addition& wanted, const model_file& model, model_draft& draft) {
  if (wanted.preprocess.empty()) return;
  const auto& shape = model.inputs[0].shape;
  draft.preprocess =
      write_preset(wanted.preprocess, shape.empty() ? 0 : std::max(shape.back().high, shape[shape.size() / 2].high));
  if (!draft.preprocess.empty()) return;
  std::string known;
  for (const std::string& name : preset_names()) known += (known.empty() ? "" : ", ") + name;
  throw model_error("there is no preprocess '" + wanted.preprocess + "'; there is: " + known +
                    "; any other is written into the model file");
}

// A classifier's only list is its logits, a second one what they are made of.
std::vector<std::string> name_outputs(const model_addition& wanted, const std::vector<seen_output>& seen) {
  if (!wanted.output_names.empty()) {
    if (wanted.output_names.size() == seen.size()) return wanted.output_names;
    throw model_error("the network has " + std::to_string(seen.size()) + " outputs, but " +
                      std::to_string(wanted.output_names.size()) + " names were given; name each with --output");
  }
  std::vector<std::string> usual;
  if (wanted.task == "classify") usual = {"logits", "embedding"};
  if (wanted.task == "embed") usual = {"embedding"};
  std::vector<std::string> names;
  std::size_t lists = 0;
  for (const seen_output& o : seen) {
    if (o.shape.size() == 1 && lists < usual.size())
      names.push_back(usual[lists++]);
    else
      names.push_back(seen.size() == 1 ? "output" : "output" + std::to_string(names.size() + 1));
  }
  return names;
}

void measure_draft(const engine_options& options, const opened_model& file, model_file model, model_draft& draft,
                   const model_addition& wanted) {
  model.outputs.clear();  // all the network has
  const model_variant& variant = model.variants[0];
  const stage_catalog catalog = read_catalog(join_folders(options.plugin_folders, {}, options.fallback_plugin_folders));
  const auto from = open_backend(catalog, model, variant, nullptr);
  session_options o;
  o.variant = &variant;
  o.path = file.path();
  o.precision = "fp32";
  o.batch = measured_rows;
  const auto session = from->open(model, device{}, o);
  const measured_network seen = measure_network(*session, model);
  const auto names = name_outputs(wanted, seen.outputs);
  draft.outputs.clear();
  for (std::size_t i = 0; i < names.size(); ++i)
    draft.outputs.push_back(write_port(names[i], seen.outputs[i].type, seen.outputs[i].shape));
  draft.single_rows = !seen.takes_batches;
  const std::uint64_t resident = std::max<std::uint64_t>(fs::file_size(file.path()), session->need(1).resident);
  draft.needs = {resident, seen.per_row, 0, true};
}

void add(const engine_options& options, const model_addition& wanted, added_model& made) {
  model_draft draft;
  draft.name = wanted.name.empty() ? wanted.network.stem().string() : wanted.name;
  if (!is_name(draft.name))
    throw model_error("'" + draft.name + "' cannot name a model; use letters, digits, _ and -, such as --name net");
  const fs::path file = wanted.folder / (draft.name + ".yaml");
  if (!wanted.replace && fs::exists(fs::symlink_status(file)))
    throw model_error(file.string() + " is there already; --force replaces it, --name gives another name");
  draft.task = wanted.task;
  draft.licence = wanted.licence;
  draft.backend = backend_of(wanted);
  draft.path = fs::absolute(wanted.network).lexically_normal().string();
  if (!wanted.labels.empty()) draft.labels = fs::absolute(wanted.labels).lexically_normal().string();
  const opened_model opened(wanted.network);
  draft.sha256 = opened.sha256();
  draft_inputs(wanted, draft);
  model_draft bare = draft;  // labels and preprocess speak of what is not known yet
  bare.labels.clear();
  bare.outputs = {write_port("unknown", dtype::float32, {1})};
  const model_file model = read_draft(bare, file);
  draft_preprocess(wanted, model, draft);
  try {
    measure_draft(options, opened, model, draft, wanted);
  } catch (const model_error&) {
    throw;
  } catch (const std::exception& e) {
    throw model_error(wanted.network.string() + ": " + e.what());
  }
  read_draft(draft, file);
  made.text = write_model_yaml(draft);
  fs::create_directories(wanted.folder);
  write_file_atomically(file, made.text.data(), made.text.size());
  made.file = file.string();
}

}  // namespace

added_model add_model(const engine_options& options, const model_addition& wanted) {
  added_model made;
  try {
    add(options, wanted, made);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    made.fault = e.what();
  }
  return made;
}

}  // namespace flowrun
