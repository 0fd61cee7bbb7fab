// Networks with a state by stream: every stream's rows reach the session in their order, whatever the threads, the
// items in flight and the batches are, and a stream's state is forgotten at its end.
#include <doctest/doctest.h>

#include <map>
#include <mutex>
#include <thread>

#include "graph_builder.hpp"
#include "run/seam.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

constexpr std::uint64_t streams = 5, frames_of_one = 60;
constexpr int start_of_stills = 0;  // the first stream is the set

struct number {
  static constexpr auto port = "state.number/1";
  std::uint64_t stream = 0, frame = 0, state = 0;
  friend std::size_t bytes(const number&) { return sizeof(number); }
};

// What each item asks of the network: none, one or two rows; an error after the first, a skip, an error of the network.
std::size_t rows_of(const number& n) {
  return (n.frame * 7 + n.stream) % 3;
}
bool throws(const number& n) {
  return n.frame % 13 == 5;
}
bool skips(const number& n) {
  return n.frame % 11 == 3;
}
bool breaks(float value) {
  return static_cast<int>(value) % 100 == 37;
}
std::uint64_t step(std::uint64_t state, float value) {
  return (state * 31 + static_cast<std::uint64_t>(value)) % 10007;
}
float value_of(const number& n, std::size_t row) {
  return static_cast<float>(n.frame * 2 + row + 1);
}

struct clip {
  std::uint64_t stream = 0, at = 0;
  bool next(item_ref& frame) {
    if (at == frames_of_one) return false;
    frame.seq = at++;
    return true;
  }
  number load() { return {stream, at - 1, 0}; }
};

struct clips {
  static constexpr auto name = "clips";
  std::uint64_t still = 0, stream = start_of_stills;
  struct ref : item_ref {
    number of;
  };
  static void describe(description<clips>& d) { d.source(&clips::next, &clips::load, &clips::read, {"out"}); }
  bool next(ref& r) {
    r.sequence = stream + 1 < streams && still % 8 == 7;
    if (r.sequence) {
      r.of = {++stream, 0, 0};
      r.key = "clip" + std::to_string(stream);
      ++still;
      return true;
    }
    if (still >= frames_of_one) return false;
    r.of = {start_of_stills, still++, 0};
    r.key = std::to_string(r.of.frame);
    return true;
  }
  number load(const ref& r) const { return r.of; }
  std::unique_ptr<clip> read(const ref& r) const {
    auto reader = std::make_unique<clip>();
    reader->stream = r.of.stream;
    return reader;
  }
};

constexpr number last_of_run{2, 30, 0};

// The run stops at an item in the middle of a stream while those after it are under way.
struct stops_run {
  static constexpr auto name = "stops_run";
  static void describe(description<stops_run>& d) { d.run(&stops_run::run, {"in"}, {"out"}); }
  number run(const number& n) const {
    if (n.stream != last_of_run.stream || n.frame != last_of_run.frame) return n;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    throw run_error("planned");
  }
};

struct follows {
  static constexpr auto name = "follows";
  static inline std::atomic<int> pairs{0}, gaps{0};
  static void describe(description<follows>& d) { d.window(&follows::run, {"in"}, {"out"}); }
  number run(const number& previous, const number& current) const {
    ++pairs;
    if (current.frame != previous.frame + 1) ++gaps;
    return current;
  }
};

struct recurrent {
  static constexpr auto name = "recurrent";
  static void describe(description<recurrent>& d) {
    d.model("net", &recurrent::prepare, &recurrent::finish, {"in"}, {"out"});
  }
  std::size_t rows(const number& n) const {
    if (skips(n)) throw skip("planned");
    return throws(n) ? 2 : rows_of(n);
  }
  void prepare(const number& n, std::size_t i, row& r) const {
    r.values()[0] = value_of(n, i);
    if (throws(n) && i == 1) throw std::runtime_error("planned");
  }
  number finish(const number& n, const result_rows& rows) const {
    return {n.stream, n.frame, rows.empty() ? 0 : static_cast<std::uint64_t>(rows[rows.size() - 1][0])};
  }
};

std::mutex seen_mutex;
std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> seen;  // by stream and frame: the state

struct collect {
  static constexpr auto name = "collect";
  static void describe(description<collect>& d) { d.run(&collect::run, {"in"}); }
  void run(const number& n) const {
    std::lock_guard lock(seen_mutex);
    seen[{n.stream, n.frame}] = n.state;
  }
};

class recurrent_session : public session {
 public:
  std::atomic<int> inside{0}, at_once{0};
  std::atomic<int> forgotten{0};
  std::mutex mutex;
  std::map<std::uint64_t, std::uint64_t> states;

  run_result run(std::span<const tensor>, std::size_t, std::vector<tensor>&) noexcept override {
    return {run_outcome::failed, "rows without a stream"};
  }
  run_result run_in_stream(std::uint64_t stream, std::span<const tensor> in,
                           std::vector<tensor>& out) noexcept override {
    if (inside.fetch_add(1) != 0) at_once = 1;
    std::lock_guard lock(mutex);
    const float value = in[0].values<const float>()[0];
    run_result r;
    if (in[0].shape[0] != 1)
      r = {run_outcome::failed, "not one row"};
    else if (breaks(value))
      r = {run_outcome::failed, "planned"};
    if (r.outcome == run_outcome::ok) {
      std::uint64_t& state = states[stream];
      state = step(state, value);
      out.assign(1, make_tensor(dtype::float32, {1, 1}));
      out[0].values<float>()[0] = static_cast<float>(state);
    } else {
      states.erase(stream);
    }
    inside.fetch_sub(1);
    return r;
  }
  void reset(std::uint64_t stream) noexcept override {
    std::lock_guard lock(mutex);
    states.erase(stream);
    ++forgotten;
  }
  vram_need need(std::size_t) const override { return {}; }
};

// One stream after the other, one frame after the other.
std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> expected() {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> all;
  for (std::uint64_t stream = 0; stream < streams; ++stream) {
    std::uint64_t state = 0;
    for (std::uint64_t frame = 0; frame < frames_of_one; ++frame) {
      const number n{stream, frame, 0};
      if (stream == start_of_stills && frame % 8 == 7 && frame / 8 < streams - 1) continue;  // a clip came instead
      if (skips(n) || throws(n)) continue;
      std::uint64_t last = 0;
      bool broke = false;
      for (std::size_t i = 0; i < rows_of(n); ++i) {
        const bool breaks_now = breaks(value_of(n, i));
        broke = broke || breaks_now;
        last = state = breaks_now ? 0 : step(state, value_of(n, i));
      }
      if (!broke) all[{stream, frame}] = last;
    }
  }
  return all;
}

}  // namespace

namespace {

model_run recurrent_run(std::shared_ptr<recurrent_session> session, std::size_t batch) {
  static const model_file file = [] {
    model_file m;
    m.name = "recurrent";
    m.inputs.push_back({"in", dtype::float32, {{1, 1}}, {}});
    m.outputs.push_back({"out", dtype::float32, {{1, 1}}, {}});
    m.stream_state = true;
    return m;
  }();
  model_run with;
  with.file = &file;
  with.session = std::move(session);
  with.batch = batch;
  return with;
}

}  // namespace

TEST_CASE("a network with a state gets the rows of every stream in order, with its state and no other's") {
  const auto right = expected();
  REQUIRE(right.size() > 150);
  for (const bool sleeps : {false, true}) {
    set_seam_sleeps(sleeps);
    for (const int threads : {1, 2, 4})
      for (const int in_flight : {1, 3, 40})
        for (const std::size_t batch : {std::size_t{1}, std::size_t{4}, std::size_t{64}}) {
          CAPTURE(threads);
          CAPTURE(in_flight);
          CAPTURE(batch);
          graph_builder<clips, recurrent, collect> b;
          b.add("clips");
          b.add("recurrent", {0});
          b.add("collect", {1});
          b.at(0).parallel = 3;
          b.at(1).manifest.serial = true;
          auto session = std::make_shared<recurrent_session>();
          dataflow_options o;
          o.threads = threads;
          o.adjust_process = true;
          o.in_flight = in_flight;
          o.models = {{}, recurrent_run(session, batch), {}};
          seen.clear();
          dataflow flow(b.graph, b.code, o);
          flow.open_stages();
          flow.run();
          REQUIRE_MESSAGE(flow.stopped() == stop_kind::none, flow.stop_text());
          CHECK(session->at_once == 0);
          CHECK(session->forgotten == streams - 1);
          CHECK(session->states.size() <= 1);  // that of the stills goes with the session
          REQUIRE(seen == right);
        }
  }
}

TEST_CASE("behind an item that the run's end cancelled nothing of its stream is answered with a gap before it") {
  const auto right = expected();
  set_seam_sleeps(true);
  for (const int threads : {1, 2, 4})
    for (const int in_flight : {1, 16, 64}) {
      CAPTURE(threads);
      CAPTURE(in_flight);
      graph_builder<clips, stops_run, recurrent, collect, follows> b;
      b.add("clips");
      b.add("stops_run", {0});
      b.add("recurrent", {1});
      b.add("collect", {2});
      b.add("follows", {1});
      b.at(0).parallel = 3;
      b.at(2).manifest.serial = true;
      dataflow_options o;
      o.threads = threads;
      o.adjust_process = true;
      o.in_flight = in_flight;
      o.models = {{}, {}, recurrent_run(std::make_shared<recurrent_session>(), 4), {}, {}};
      seen.clear();
      follows::pairs = follows::gaps = 0;
      dataflow flow(b.graph, b.code, o);
      flow.open_stages();
      flow.run();
      REQUIRE(flow.stopped() == stop_kind::run_error);
      CHECK(follows::pairs > 0);
      CHECK(follows::gaps == 0);
      CHECK(!seen.empty());
      for (const auto& [at, state] : seen) {
        CHECK(right.at(at) == state);
        CHECK((at.first != last_of_run.stream || at.second < last_of_run.frame));
      }
    }
}
