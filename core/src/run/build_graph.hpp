// The oneTBB graph of one run.
#pragma once
#include <memory>

namespace flowrun::core {

struct run_state;

class node_graph {
 public:
  // Wires `run`'s bodies and sets its send functions. Inside the arena the graph shall run in.
  explicit node_graph(run_state& run);
  ~node_graph();
  void wait();

 private:
  struct nodes;
  std::unique_ptr<nodes> n_;
};

}  // namespace flowrun::core
