// `flowrun tune GRAPH`: finds the batches, lanes and precisions with which a graph's models are fastest here.
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <flowrun/atomic_file.hpp>

#include "graph_trials.hpp"
#include "tool.hpp"
#include "tune_text.hpp"

namespace tool {

namespace fs = std::filesystem;

namespace {

struct arguments : graph_arguments {
  std::string time = "60s", out;
  bool force = false, json = false, precision = false;
  int threads = 0;
};

// "90", "90s", "5m", "1h".
double read_seconds(const std::string& text) {
  char* end = nullptr;
  const double n = std::strtod(text.c_str(), &end);
  const std::string unit = end;
  const double seconds = n * (unit == "h" ? 3600 : unit == "m" ? 60 : 1);
  const bool known = unit.empty() || unit == "s" || unit == "m" || unit == "h";
  if (end == text.c_str() || !known || !(seconds >= 1 && seconds <= 86400))
    throw CLI::ValidationError("--for " + text, "it takes a time of 1s to 24h, such as 60s or 5m");
  return seconds;
}

void check_out(const arguments& a) {
  if (a.out.empty()) return;
  std::error_code error;
  if (fs::is_directory(a.out, error) || (fs::exists(a.out, error) && !a.force))
    throw CLI::ValidationError("-o " + a.out, fs::is_directory(a.out, error)
                                                  ? "it is a folder; name a file"
                                                  : "there is such a file already; --force replaces it");
  const fs::path folder = fs::path(a.out).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error))
    throw flowrun::run_directory_error(a.out + " cannot be written: " + folder.string() + " is no folder", io);
}

class scratch_folder {
 public:
  scratch_folder() {
    std::string name = (fs::temp_directory_path() / "flowrun-tune-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw flowrun::run_directory_error(name + " cannot be made", io);
    path_ = name;
  }
  ~scratch_folder() { remove(); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const fs::path& path() const { return path_; }
  void remove() const {
    std::error_code error;
    fs::remove_all(path_, error);
  }

 private:
  fs::path path_;
};

std::string list_devices(const flowrun::plan_report& p) {
  std::vector<std::string> each;
  for (const flowrun::planned_stage& s : p.stages) each.push_back(s.device);
  return list_once(each);
}

// One stage after the other, the others with what is best for them so far. By `use`, whether it could be measured.
std::vector<bool> search(graph_trials& trials, bool precision, tune_result& r) {
  std::vector<bool> found;
  int code = ok;
  for (trials.at = 0; trials.at < trials.uses.size(); ++trials.at) {
    tuned_use& u = trials.uses[trials.at];
    std::vector<std::string> precisions;
    for (const char* p : {"fp32", "fp16", "bf16"})
      if (precision && trials.offers(p)) precisions.emplace_back(p);
    tune_search one(u.name(), u.start, trials);
    one.run(precisions);
    u.point = one.best();
    r.steps.insert(r.steps.end(), one.steps().begin(), one.steps().end());
    r.cut_short = r.cut_short || one.cut_short();
    found.push_back(one.found());
    if (one.found() || one.cut_short()) continue;
    const bool memory = !trials.last_fault().empty();
    const std::string why =
        "stage '" + u.name() + "' cannot be tuned: " + (memory ? trials.last_fault() : one.steps().back().verdict);
    code = memory ? unavailable : bad_graph;
    std::fprintf(stderr, "flowrun: %s\n", why.c_str());
  }
  if (code != ok && std::find(found.begin(), found.end(), true) == found.end())
    throw flowrun::run_directory_error("nothing could be measured", code);
  return found;
}

void compare(graph_trials& trials, const std::vector<bool>& found, tune_result& r) {
  std::vector<tune_point> start, tuned;
  for (const tuned_use& u : trials.uses) {
    start.push_back(u.start);
    tuned.push_back(u.point);
  }
  r.whole = confirm(start, tuned, [&](const std::vector<tune_point>& points) { return trials.run_whole(points); });
  for (std::size_t i = 0; i < trials.uses.size(); ++i) {
    const tune_point &p = r.whole.points[i], &s = start[i];
    r.changed = r.changed || p.batch != s.batch || p.lanes != s.lanes || p.precision != s.precision;
    if (found[i]) r.values.push_back({trials.uses[i].use, p});
  }
}

void write_profile(const std::string& file, const std::string& text) {
  try {
    flowrun::write_file_atomically(file, text.data(), text.size());
  } catch (const std::exception& e) {
    throw flowrun::run_directory_error(e.what(), io);
  }
  std::fprintf(stderr, "%s written; --profile %s uses it\n", file.c_str(), file.c_str());
}

int tune(const arguments& a) {
  const double seconds = read_seconds(a.time);
  check_out(a);
  const scratch_folder scratch;
  tune_clock clock(seconds);
  run_guard guard("nothing is written", [&scratch] { scratch.remove(); });
  graph_trials trials(a, a.threads, clock, guard, scratch.path());
  if (const int rc = trials.find_uses()) return rc;
  tune_result r;
  r.budget = seconds;
  r.device = list_devices(trials.started());
  const std::vector<bool> found = search(trials, a.precision, r);
  if (!guard.interrupted()) compare(trials, found, r);
  if (guard.interrupted()) {
    std::fputs("flowrun: interrupted; nothing was written\n", stderr);
    return stopped;
  }
  std::fputs((a.json ? tune_json(r) : tune_table(r)).c_str(), stdout);
  if (!a.out.empty()) write_profile(a.out, tuned_profile(r));
  return ok;
}

}  // namespace

void add_tune(CLI::App& app, action& todo) {
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("tune", "Find the batches and lanes with which a graph's models are fastest here");
  a->declare(*c);
  c->add_option("--for", a->time, "How long it may take: 90s, 5m (default: 60s)")->type_name("TIME");
  c->add_option("-o,--out", a->out, "Profile to write (default: none is written)")->type_name("FILE");
  c->add_flag("--force", a->force, "Replace the file of -o");
  c->add_flag("--precision", a->precision, "Try the other precisions of each model too, and choose the fastest");
  c->add_option("-j,--threads", a->threads, "Threads (default: the cores this process may use)")
      ->check(CLI::Range(1, 1024));
  c->add_flag("--json", a->json, "The steps as JSON");
  c->footer("example: flowrun tune graphs/demo.yaml --for 60s --device sim:16GiB -o tuned.yaml");
  c->callback([a, &todo] { todo = [a] { return tune(*a); }; });
}

}  // namespace tool
