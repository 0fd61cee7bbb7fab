// Gathers: each runs once over tables of kept values, read back from the store.
#include <map>

#include "../run/stage_object.hpp"
#include "../store/fingerprint.hpp"
#include "run_session.hpp"

namespace flowrun::core {

namespace {

struct loaded_table {
  table_data data;
  std::vector<std::int64_t> items;
};

// By stream; of a gather over the run all in one, under 0.
using loaded_tables = std::map<std::int64_t, std::vector<loaded_table>>;

void load_table(const run_store& store, std::size_t outcome, const type_info& type, bool by_stream, std::size_t input,
                std::size_t inputs, loaded_tables& to) {
  if (!by_stream) to[0].resize(inputs);
  for (table_row& row : store.read_table(outcome)) {
    auto& tables = to[by_stream ? row.stream : 0];
    tables.resize(inputs);
    loaded_table& t = tables[input];
    t.data.keys.push_back(std::move(row.key));
    t.data.values.push_back(type.decode(row.blob));
    t.items.push_back(row.item);
  }
}

// One row per payload; an empty payload is a skip.
std::vector<outcome_row> encode_rows(const std::vector<payload>& values, const type_info& type, std::size_t outcome,
                                     const std::string& reason) {
  std::vector<outcome_row> rows;
  for (const payload& p : values) {
    outcome_row row;
    row.outcome = outcome;
    row.answered = p.value ? status::value : status::skip;
    if (p.value)
      type.encode(p.value.get(), row.blob);
    else
      row.reason = reason.empty() ? "gave no value" : reason;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void run_session::run_gathers() {
  if (!store_) return;
  phase_ = "gathers";
  for (std::size_t i = 0; i < graph_.stages.size(); ++i) {
    const checked_stage& spec = graph_.stages[i];
    int outcome = outcomes_.find({static_cast<int>(i), 0});
    if (spec.manifest.shape != stage_shape::gather || outcome < 0) continue;
    if (stop_asked_) {
      if (flow_) flow_->drain(stop_kind::asked, "stopped");
      return;
    }
    auto to = static_cast<std::size_t>(outcome);
    fingerprint_hash digest;
    for (const auto& input : spec.inputs)
      for (port_index from : input) digest.add(store_->table_digest(static_cast<std::size_t>(outcomes_.find(from))));
    if (store_->gathered_digest(to) == digest.bytes()) {
      note("gather " + spec.name + ": its tables are as they were, nothing to do");
      continue;
    }
    run_gather(i, to, digest.bytes());
  }
}

void run_session::run_gather(std::size_t stage, std::size_t outcome, const std::string& digest) {
  const checked_stage& spec = graph_.stages[stage];
  const stage_info& code = *code_.stages[stage];
  const bool by_stream = spec.manifest.span == scope::stream;
  loaded_tables all;
  for (std::size_t k = 0; k < spec.inputs.size(); ++k)
    load_table(*store_, static_cast<std::size_t>(outcomes_.find(spec.inputs[k].at(0))), *code.inputs[k].type, by_stream,
               k, spec.inputs.size(), all);
  std::vector<outcome_row> answers;
  std::vector<std::int64_t> items;
  std::size_t rows = 0;
  auto begin = std::chrono::steady_clock::now();
  for (const auto& [stream, tables] : all) {
    std::vector<const table_data*> in;
    for (const loaded_table& t : tables) in.push_back(&t.data);
    std::string reason;
    std::vector<std::vector<payload>> out;
    gather_frame frame;
    frame.in = in.data();
    frame.out = &out;
    frame.reason = &reason;
    status answered = status::skip;
    if (spec.manifest.temporal && by_stream && !store_->is_sequence(stream)) {
      reason = "not a sequence";
    } else {
      stage_object object(spec, code, context(static_cast<int>(stage)));
      answered = code.call_gather(code, object.get(), frame);
      if (answered != status::error) object.close();
    }
    if (frame.stop_run) throw start_error("gather '" + spec.name + "': " + reason, 74);
    if (answered == status::error) {
      note("gather " + spec.name + " failed: " + reason);
      gather_failed_ = true;
      return;
    }
    if (answered == status::skip) {
      note("gather " + spec.name + " gave no value: " + reason);
      out.assign(1, std::vector<payload>(code.outputs[0].per_row ? tables[0].items.size() : 1));
    }
    for (outcome_row& row : encode_rows(out[0], *code.outputs[0].type, outcome, reason))
      answers.push_back(std::move(row));
    if (code.outputs[0].per_row)
      items.insert(items.end(), tables[0].items.begin(), tables[0].items.end());
    else if (by_stream)
      items.push_back(-stream);
    rows += tables[0].items.size();
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  store_->write_gathered(outcome, digest, answers, items);
  note("gather " + spec.name + ": " + std::to_string(rows) + " rows" +
       (by_stream ? " of " + std::to_string(all.size()) + " streams" : "") + " in " +
       std::to_string(static_cast<int>(seconds * 1000)) + " ms");
}

}  // namespace flowrun::core
