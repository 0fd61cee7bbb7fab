// Gathers: each runs once over tables of kept values, read back from the store.
#include <set>

#include "../run/call_in_arena.hpp"
#include "../run/stage_object.hpp"
#include "../store/fingerprint.hpp"
#include "run_session.hpp"

namespace flowrun::core {

namespace {

struct loaded_table {
  table_data data;
  std::vector<std::int64_t> items;
};

loaded_table load_table(const run_store& store, std::size_t outcome, std::int64_t stream, const type_info& type) {
  loaded_table t;
  for (table_row& row : store.read_table(outcome, stream)) {
    t.data.keys.push_back(std::move(row.key));
    t.data.values.push_back(type.decode(row.blob));
    t.items.push_back(row.item);
  }
  return t;
}

std::vector<std::shared_ptr<const void>> load_earlier(const run_store& store, std::size_t outcome,
                                                      const std::vector<std::int64_t>& items, const type_info& type) {
  std::vector<std::shared_ptr<const void>> values;
  for (const std::optional<std::string>& blob : store.read_earlier(outcome, items))
    values.push_back(blob ? type.decode(*blob) : nullptr);
  return values;
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
    // One that was asked for by name runs in any case: it may write files, and these may be gone.
    if (spec.name != asked_gather_ && store_->gathered_digest(to) == digest.bytes()) {
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
  std::vector<std::size_t> inputs;
  for (const auto& input : spec.inputs) inputs.push_back(static_cast<std::size_t>(outcomes_.find(input.at(0))));
  // One stream after the other: its rows are in memory, and of the others nothing but their answers.
  std::vector<std::int64_t> streams = {0};
  if (by_stream) {
    std::set<std::int64_t> all;
    for (std::size_t input : inputs) all.merge(store_->streams_of(input));
    streams.assign(all.begin(), all.end());
  }
  std::vector<outcome_row> answers;
  std::vector<std::int64_t> items;
  std::size_t rows = 0;
  auto begin = std::chrono::steady_clock::now();
  for (std::int64_t stream : streams) {
    std::vector<loaded_table> tables;
    for (std::size_t k = 0; k < inputs.size(); ++k)
      tables.push_back(load_table(*store_, inputs[k], stream, *code.inputs[k].type));
    std::vector<const table_data*> in;
    for (const loaded_table& t : tables) in.push_back(&t.data);
    std::string reason;
    std::vector<std::vector<payload>> out;
    gather_frame frame;
    frame.in = in.data();
    frame.out = &out;
    frame.reason = &reason;
    // Whose answers they are, as the store numbers them.
    const bool per_row = code.outputs[0].per_row;
    const std::vector<std::int64_t> answered_for =
        per_row ? tables[0].items : std::vector<std::int64_t>{by_stream ? -stream : 0};
    std::vector<std::shared_ptr<const void>> before;
    if (code.wants_earlier) before = load_earlier(*store_, outcome, answered_for, *code.outputs[0].type);
    frame.earlier = &before;
    status answered = status::skip;
    if (spec.manifest.temporal && by_stream && !store_->is_sequence(stream)) {
      reason = "not a sequence";
    } else {
      stage_object object(spec, code, context(static_cast<int>(stage)));
      call_in_arena(threads_, [&] { answered = code.call_gather(code, object.get(), frame); });
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
      out.assign(1, std::vector<payload>(answered_for.size()));
    }
    for (outcome_row& row : encode_rows(out[0], *code.outputs[0].type, outcome, reason))
      answers.push_back(std::move(row));
    if (per_row || by_stream) items.insert(items.end(), answered_for.begin(), answered_for.end());
    rows += tables[0].items.size();
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  store_->write_gathered(outcome, digest, answers, items);
  note("gather " + spec.name + ": " + std::to_string(rows) + " rows" +
       (by_stream ? " of " + std::to_string(streams.size()) + " streams" : "") + " in " +
       std::to_string(static_cast<int>(seconds * 1000)) + " ms");
}

}  // namespace flowrun::core
