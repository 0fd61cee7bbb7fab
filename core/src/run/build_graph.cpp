// The only place that wires oneTBB nodes. A stage is a node that takes item pointers; edges follow the graph file.
//   load, transform, sink  function_node, `parallel` bodies at once; queues what comes above that, drops nothing
//   sequences              multifunction_node: a place may turn out to read nothing
//   serial, ordered        multifunction_node; early items wait in the stage's turnstile
//   window                 the same, to hand each item the value before it; then a function_node runs the pairs
//   join                   multifunction_node, unlimited; passes an item on when its last input has answered
//   model                  prepare (multifunction_node) fills batches, in order where the network keeps a state. They
//   go
//                          by queue_node and limiter_node<batch*, int>(slots) to the lane, which runs them; finish
//                          (function_node) answers when all rows of an item are back. The queue is needed: a limiter
//                          refuses, and a refused batch of a function_node would be gone
//   device                 answers what needs no device (multifunction_node); items go by queue_node and limiter_node
//                          to the lane, which runs the stage; body (function_node) only hands them on
#include "build_graph.hpp"

#include <oneapi/tbb/flow_graph.h>

#include "lane_threads.hpp"
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

namespace fg = oneapi::tbb::flow;
using item_node = fg::function_node<item*, item*>;
using serial_node = fg::multifunction_node<item*, std::tuple<item*>>;

// What passes a limiter and then a lane: the batches of a model stage, the items of a device stage.
template <class Message> struct slot_nodes {
  std::unique_ptr<fg::queue_node<Message>> queue;
  std::unique_ptr<fg::limiter_node<Message, int>> limiter;
  std::unique_ptr<fg::function_node<Message, fg::continue_msg>> lane;
  std::unique_ptr<lane_threads> threads;
};

struct node_graph::nodes {
  fg::graph graph;
  std::unique_ptr<fg::function_node<int, fg::continue_msg>> admission;
  struct stage_nodes {
    std::unique_ptr<serial_node> join;
    std::unique_ptr<serial_node> in_order;
    std::unique_ptr<item_node> body;
    std::unique_ptr<serial_node> prepare;  // of a model stage, whose finish is `body`, and of a device stage
    slot_nodes<batch*> batches;            // of a model stage
    slot_nodes<item*> items;               // of a device stage

    fg::receiver<item*>& entry() { return join ? *join : core(); }
    fg::receiver<item*>& core() {
      if (prepare) return *prepare;
      return in_order ? static_cast<fg::receiver<item*>&>(*in_order) : static_cast<fg::receiver<item*>&>(*body);
    }
    fg::sender<item*>& exit() {
      return body ? static_cast<fg::sender<item*>&>(*body)
                  : static_cast<fg::sender<item*>&>(fg::output_port<0>(*in_order));
    }
  };
  std::vector<stage_nodes> stages;
};

// An item may hear from several stages; unions make the number differ by source, so the item counts, not the node.
static bool hears_from_several(const run_state& run, const stage_state& s) {
  for (const source_plan& plan : run.plans)
    if (!plan.reaches.empty() && plan.waiting[static_cast<std::size_t>(s.index)] > 1) return true;
  return false;
}

// What a lane's thread sends into the graph waits behind the tasks the arena's threads made themselves, and a source
// with free places makes them without end: one thread then decodes all its places while the device idles. With a
// priority it goes first.
constexpr fg::node_priority_t before_new_items = 1;

// `work(message, give_slot)` runs what passed the limiter, in the arena or, of a device, on threads of its own.
template <class Message, class Work>
static void make_lane(fg::graph& graph, const model_run& with, slot_nodes<Message>& mine, Work work) {
  auto slots = static_cast<std::size_t>(with.slots);
  mine.queue = std::make_unique<fg::queue_node<Message>>(graph);
  mine.limiter = std::make_unique<fg::limiter_node<Message, int>>(graph, slots);
  if (with.on) mine.threads = std::make_unique<lane_threads>(std::max(with.lanes, with.slots));
  auto run = [&mine, work](Message m) { work(m, [&mine] { mine.limiter->decrementer().try_put(1); }); };
  mine.lane = std::make_unique<fg::function_node<Message, fg::continue_msg>>(
      graph, fg::unlimited,
      [&graph, &mine, run](Message m) {
        if (!mine.threads) {
          run(m);
          return fg::continue_msg();
        }
        graph.reserve_wait();
        mine.threads->push([&graph, run, m] {
          run(m);
          graph.release_wait();
        });
        return fg::continue_msg();
      },
      before_new_items);
  if (planted(planted_bug::no_limiter)) {
    fg::make_edge(*mine.queue, *mine.lane);
  } else {
    fg::make_edge(*mine.queue, *mine.limiter);
    fg::make_edge(*mine.limiter, *mine.lane);
  }
}

template <class Nodes> static void make_model(fg::graph& graph, run_state& run, stage_state& s, Nodes& mine) {
  auto limit = static_cast<std::size_t>(s.parallel);
  mine.prepare = std::make_unique<serial_node>(graph, limit, [&run, &s](item* it, auto& ports) {
    const auto send = [&ports](item* done) { std::get<0>(ports).try_put(done); };
    if (s.order == turn_rule::none)
      run.prepare(it, s, send);
    else
      run.pass_in_order(it, s, send);
  });
  mine.body = std::make_unique<item_node>(
      graph, limit,
      [&run, &s](item* it) {
        run.finish_rows(it, s);
        run.fan_out(it, static_cast<int>(s.successors.size()));
        return it;
      },
      before_new_items);
  fg::make_edge(fg::output_port<0>(*mine.prepare), *mine.body);
  make_lane(graph, s.model->setup, mine.batches, [&run, &s, &mine](batch* b, const std::function<void()>& give_slot) {
    run.run_batch(
        s, b, [&mine](item* it) { mine.body->try_put(it); }, give_slot);
  });
  s.model->send = [&mine](batch* b) { mine.batches.queue->try_put(b); };
}

// An item that waits for a slot keeps its message, so it counts as moving: a slot comes back without its doing.
template <class Nodes> static void make_device(fg::graph& graph, run_state& run, stage_state& s, Nodes& mine) {
  mine.prepare = std::make_unique<serial_node>(graph, fg::unlimited, [&run, &s, &mine](item* it, auto& ports) {
    if (run.needs_lane(it, s))
      mine.items.queue->try_put(it);
    else
      std::get<0>(ports).try_put(it);
  });
  mine.body = std::make_unique<item_node>(
      graph, fg::unlimited,
      [&run, &s](item* it) {
        run.fan_out(it, static_cast<int>(s.successors.size()));
        return it;
      },
      before_new_items);
  fg::make_edge(fg::output_port<0>(*mine.prepare), *mine.body);
  make_lane(graph, s.device->setup, mine.items, [&run, &s, &mine](item* it, const std::function<void()>& give_slot) {
    run.run_on_lane(it, s, give_slot);
    mine.body->try_put(it);
  });
}

node_graph::node_graph(run_state& run) : n_(std::make_unique<nodes>()) {
  nodes& n = *n_;
  n.stages.resize(run.stages.size());
  n.admission = std::make_unique<fg::function_node<int, fg::continue_msg>>(n.graph, fg::serial, [&run](int) {
    run.admit();
    return fg::continue_msg();
  });
  for (stage_state& s : run.stages) {
    if (!s.code || s.code->shape == stage_shape::gather) continue;
    auto& mine = n.stages[static_cast<std::size_t>(s.index)];
    auto limit = static_cast<std::size_t>(s.parallel);
    if (hears_from_several(run, s))
      mine.join = std::make_unique<serial_node>(n.graph, fg::unlimited, [&run, &s](item* it, auto& ports) {
        if (run.arrived(it, s))
          std::get<0>(ports).try_put(it);
        else
          run.drop(it);
      });
    if (s.model) {
      make_model(n.graph, run, s, mine);
    } else if (s.device) {
      make_device(n.graph, run, s, mine);
    } else if (s.code->open_sequence) {
      mine.in_order = std::make_unique<serial_node>(n.graph, limit, [&run, &s](item* it, auto& ports) {
        run.load(it, s, [&ports](item* loaded) { std::get<0>(ports).try_put(loaded); });
      });
    } else if (s.order == turn_rule::none || s.is_window())
      mine.body = std::make_unique<item_node>(n.graph, limit, [&run, &s](item* it) {
        run.answer(it, s);
        run.fan_out(it, static_cast<int>(s.successors.size()));
        return it;
      });
    if (s.order != turn_rule::none && !s.model)
      mine.in_order = std::make_unique<serial_node>(
          n.graph, s.is_window() ? std::size_t{fg::unlimited} : limit, [&run, &s](item* it, auto& ports) {
            run.pass_in_order(it, s, [&ports](item* passed) { std::get<0>(ports).try_put(passed); });
          });
    if (s.is_window()) fg::make_edge(fg::output_port<0>(*mine.in_order), *mine.body);
    if (mine.join) fg::make_edge(fg::output_port<0>(*mine.join), mine.core());
  }
  for (stage_state& s : run.stages)
    for (int next : s.successors)
      fg::make_edge(n.stages[static_cast<std::size_t>(s.index)].exit(),
                    n.stages[static_cast<std::size_t>(next)].entry());

  run.send_place = [&n] { n.admission->try_put(0); };
  run.send_item = [&n](int source, item* it) { n.stages[static_cast<std::size_t>(source)].entry().try_put(it); };
  run.reserve_wait = [&n] { n.graph.reserve_wait(); };
  run.release_wait = [&n] { n.graph.release_wait(); };
}

node_graph::~node_graph() = default;

void node_graph::wait() {
  n_->graph.wait_for_all();
}

}  // namespace flowrun::core
