// A test's graph run to its end, and what it came to.
#pragma once
#include <mutex>

#include "graph_builder.hpp"

namespace flowrun::core::batch_stages {

struct outcome {
  dataflow_numbers numbers;
  stop_kind stopped = stop_kind::none;
  std::string text, reason;  // of a stop; of an item that failed at the second stage
};

template <class Builder> outcome run_to_end(const Builder& b, dataflow_options o) {
  outcome r;
  std::mutex mutex;
  o.on_finished = [&](const finished_item& f) {
    std::lock_guard lock(mutex);
    if (f.end == item_end::failed) r.reason = f.in_flight->slots[1].reason;
    return true;
  };
  dataflow flow(b.graph, b.code, std::move(o));
  flow.open_stages();
  flow.run();
  r.numbers = flow.numbers();
  r.stopped = flow.stopped();
  r.text = flow.stop_text();
  return r;
}

}  // namespace flowrun::core::batch_stages
