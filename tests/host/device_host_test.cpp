// A device stage of the program itself in whole runs: its models are found, planned and opened, and what goes wrong on
// a sim device is told.
#include <filesystem>
#include <flowrun/plan.hpp>
#include <flowrun/run.hpp>
#include <flowrun/testing.hpp>
#include <fstream>
#include <test_paths.hpp>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

namespace {

constexpr std::uint64_t mib = 1 << 20;
constexpr int items = 30;

struct numbers {
  static constexpr auto name = "numbers";
  int at = 0;
  static void describe(description<numbers>& d) { d.source(&numbers::next, &numbers::load, {"n"}); }
  bool next(item_ref& r) {
    r.key = std::to_string(at);
    return at++ < items;
  }
  int load(const item_ref& r) const { return std::stoi(r.key); }
};

// Its encoder once, its decoder three times, the last with `rows` rows.
struct steps {
  static constexpr auto name = "steps";
  int rows = 1;
  static void describe(description<steps>& d) {
    d.param("rows", &steps::rows, "of the last call").range(1, 4);
    d.model("encoder").file("first").task("probe");
    d.model("decoder").file("second").batch(4);
    d.device(&steps::run, {"n"}, {"sum"});
  }
  static tensor filled(int value, int rows) {
    tensor t = make_tensor(dtype::float32, {rows, 4});
    for (float& v : t.values<float>()) v = static_cast<float>(value);
    return t;
  }
  double run(const int& n, lane& on) const {
    tensor code = on.session("encoder").run({filled(n, 1)}).at(0);
    for (int i = 0; i < 2; ++i) code = on.session("decoder").run({code}).at(0);
    code = on.session("decoder").run({filled(static_cast<int>(code.values<const float>()[3]), rows)}).at(0);
    return code.values<const float>()[0];
  }
};

void write_model(const std::filesystem::path& folder, const std::string& name) {
  std::ofstream(folder / (name + ".sim")) << "row_us 100\n";
  std::ofstream(folder / (name + ".yaml"))
      << "flowrun_model: 1\nname: " << name << "\ntask: probe\nfiles: [{backend: sim, path: " << name
      << ".sim, sha256: c4280bbe7157ffb5a58f93bf09008b9a19f68a8047873cc073f27967e9bd6b34}]\n"
         "inputs: [{name: row, shape: [4]}]\noutputs: [{name: answer, shape: [4]}]\n"
         "needs: {resident: 512MiB, per_row: 192MiB, fixed: 32MiB}\n";
}

struct project {
  flowrun::testing::temporary_folder folder;
  project() {
    for (const char* name : {"first", "second", "third"}) write_model(folder.path(), name);
  }
  graph load(const std::vector<setting>& settings = {}) const {
    engine_options options;
    options.plugin_folders = {std::filesystem::path(test_paths::build) / "plugins"};
    options.model_folders = {folder.path()};
    options.stages = {make_stage<numbers>(), make_stage<steps>()};
    return engine(options).load_text(
        "flowrun: 1\nstages:\n  in: {use: host.numbers}\n  steps: {use: host.steps, in: in}\nkeep: [steps]\n", "test",
        settings);
  }
  std::string problem(const setting& s) const {
    const graph g = load({s});
    return g.problems().empty() ? "(none)" : g.problems().front().text;
  }
  report run(const std::vector<setting>& settings, bool retry_failed = false) const {
    const graph g = load(settings);
    for (const flowrun::problem& p : g.problems()) FAIL(to_text(p));
    run_options o;
    o.out = (folder.path() / "run").string();
    o.retry_failed = retry_failed;
    o.threads = 2;
    return flowrun::run(g, o).execute();
  }
  std::string results() const {
    const std::string out = (folder.path() / "run").string(), to = (folder.path() / "results.jsonl").string();
    export_results(out, "jsonl", to, true);
    std::ifstream in(to);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

const stage_report& stage_of(const report& r) {
  return r.stages.at(1);
}

}  // namespace

TEST_CASE("a device stage is planned by the sum of its models") {
  const project p;
  const plan_report plan = plan_graph(p.load({{"run.device", "sim:16GiB"}}), 2);
  REQUIRE(plan.ok());
  const planned_stage& s = plan.stages.at(0);
  CHECK(s.model == "first, second");
  CHECK(s.precision == "fp32");
  CHECK(s.batch == 1);
  CHECK(s.slots == 2);
  CHECK(s.resident == 1024 * mib);
  CHECK(s.workspace == (32 + 192 + 32 + 4 * 192) * mib);
  CHECK_FALSE(s.batched);
  CHECK(plan_graph(p.load({{"run.device", "sim:16GiB"}, {"steps.parallel", "1"}}), 2).stages.at(0).slots == 1);
  CHECK(plan_graph(p.load(), 2).stages.at(0).slots == 2);
  const plan_report refused = plan_graph(p.load({{"run.device", "sim:4000MiB"}}), 2);
  CHECK_FALSE(refused.ok());
  CHECK(refused.devices.at(0).problem.find("\n  steps: a call needs 1024 MiB of the pool\n") != std::string::npos);
}

TEST_CASE("a run on the CPU and on a device gives the same, and gives the weights back before it ends") {
  const project cpu, sim;
  report r = cpu.run({});
  CHECK(r.exit_code == 0);
  CHECK(r.done == items);
  CHECK(stage_of(r).device == "cpu");
  r = sim.run({{"run.device", "sim:16GiB"}});
  CHECK(r.exit_code == 0);
  CHECK(sim.results() == cpu.results());
  const stage_report& s = stage_of(r);
  CHECK(s.shape == "device");
  CHECK(s.calls == items);
  CHECK(s.batches == 4 * items);
  CHECK(s.rows == 4 * items);
  CHECK(s.out_of_memory == 0);
  CHECK(s.peak_slots <= 2);
  CHECK(s.reserved_bytes >= 512 * mib);  // the most of one network
  CHECK(s.reserved_bytes < 2048 * mib);
  CHECK(r.devices.at(0).peak <= r.devices.at(0).pool);
  CHECK(r.devices.at(0).used == 0);
}

TEST_CASE("a call that a device has no memory for is its item's error; tried again elsewhere it is done") {
  const project p;
  report r = p.run({{"run.device", "sim:16GiB,oom_above=1"}, {"steps.params.rows", "2"}});
  CHECK(r.exit_code == 3);
  CHECK(r.failed == items);
  CHECK(stage_of(r).out_of_memory == items);
  const auto failed = failed_items((p.folder.path() / "run").string());
  REQUIRE(failed.size() == items);
  CHECK(failed[0].reason.find("the model 'second' does not fit the device's memory: ") == 0);
  r = p.run({{"steps.params.rows", "2"}}, true);
  CHECK(r.exit_code == 0);
  CHECK(r.done == items);
}

TEST_CASE("a device that dies stops the run, and the next run goes on") {
  const project whole, p;
  CHECK(whole.run({}).done == items);
  report r = p.run({{"run.device", "sim:16GiB,die_after=41"}});
  CHECK(r.exit_code == 69);
  CHECK(r.message.find("stage 'steps': ") == 0);
  CHECK(r.failed == 0);
  CHECK(r.done <= 10);
  CHECK(r.done + r.cancelled == r.read);
  const std::uint64_t before = r.done;
  r = p.run({});
  CHECK(r.exit_code == 0);
  CHECK(r.already == before);
  CHECK(p.results() == whole.results());
}

TEST_CASE("the keys that a device stage takes, and those it does not") {
  const project p;
  CHECK(p.run({{"steps.model", "{decoder: third}"}}).exit_code == 0);
  CHECK(p.problem({"steps.model", "third"}) ==
        "--set steps.model=third: stage 'steps' (host.steps) runs several models; write model: {MODEL: NAME}, where "
        "MODEL is one of: encoder, "
        "decoder");
  CHECK(
      p.problem({"steps.batch", "4"}) ==
      "--set steps.batch=4: 'batch' is for model stages; steps is a device stage (host.steps), whose code decides how "
      "many rows each of its calls has; leave it out");
  CHECK(p.problem({"steps.lanes", "3"}) == "(none)");
}
