// Gathers: each runs once over tables of kept values, read back from the store.
#include "../run/stage_object.hpp"
#include "../store/fingerprint.hpp"
#include "run_session.hpp"

namespace flowrun::core {

namespace {

struct loaded_table {
  table_data data;
  std::vector<std::int64_t> items;
};

loaded_table load_table(const run_store& store, std::size_t outcome, const type_info& type) {
  loaded_table t;
  for (table_row& row : store.read_table(outcome)) {
    t.data.keys.push_back(std::move(row.key));
    t.data.values.push_back(type.decode(row.blob));
    t.items.push_back(row.item);
  }
  return t;
}

// One row per payload; an empty payload is a skip.
std::vector<outcome_row> encode_rows(const std::vector<payload>& values, const type_info& type, std::size_t outcome) {
  std::vector<outcome_row> rows;
  for (const payload& p : values) {
    outcome_row row;
    row.outcome = outcome;
    row.answered = p.value ? status::value : status::skip;
    if (p.value)
      type.encode(p.value.get(), row.blob);
    else
      row.reason = "gave no value";
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
    const stage_info& code = *code_.stages[i];
    std::vector<loaded_table> tables;
    std::vector<const table_data*> in;
    tables.reserve(spec.inputs.size());
    for (std::size_t k = 0; k < spec.inputs.size(); ++k)
      tables.push_back(
          load_table(*store_, static_cast<std::size_t>(outcomes_.find(spec.inputs[k].at(0))), *code.inputs[k].type));
    for (const loaded_table& t : tables) in.push_back(&t.data);
    stage_object object(spec, code, context(static_cast<int>(i)));
    std::vector<std::vector<payload>> out;
    std::string reason;
    gather_frame frame;
    frame.in = in.data();
    frame.out = &out;
    frame.reason = &reason;
    auto begin = std::chrono::steady_clock::now();
    status answered = code.call_gather(code, object.get(), frame);
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (frame.stop_run) throw start_error("gather '" + spec.name + "': " + reason, 74);
    if (answered == status::error) {
      note("gather " + spec.name + " failed: " + reason);
      gather_failed_ = true;
      continue;
    }
    object.close();
    if (answered == status::skip) {
      note("gather " + spec.name + " gave no value: " + reason);
      out.assign(1, {});
    }
    store_->write_gathered(to, digest.bytes(), encode_rows(out[0], *code.outputs[0].type, to),
                           code.outputs[0].per_row ? tables[0].items : std::vector<std::int64_t>{});
    note("gather " + spec.name + ": " + std::to_string(tables[0].items.size()) + " rows in " +
         std::to_string(static_cast<int>(seconds * 1000)) + " ms");
  }
}

}  // namespace flowrun::core
