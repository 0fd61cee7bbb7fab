#include "run_session.hpp"

#include <flowrun/atomic_file.hpp>

#include "../plan/process_limits.hpp"
#include "../plugin/plugin_library.hpp"
#include "../report/find_limit.hpp"
#include "../run/stage_object.hpp"
#include "../store/exports.hpp"
#include "../store/run_directory.hpp"
#include "../store/unfinished_files.hpp"
#include "run_files.hpp"

namespace flowrun::core {

// Enough for every thread to have a queue before it, little enough that a stop is quick; memory is `ram`'s business.
static int default_in_flight(int threads) {
  return std::clamp(16 * threads, 16, 256);
}

run_session::run_session(std::shared_ptr<const loaded_graph> loaded, run_options options)
    : loaded_(std::move(loaded)), graph_(loaded_->checked), options_(std::move(options)) {
  folder_ = options_.out.empty() ? graph_.run.out : options_.out;
  threads_ = options_.threads > 0 ? options_.threads : graph_.run.threads > 0 ? graph_.run.threads : usable_cores();
  in_flight_ = graph_.run.in_flight > 0 ? graph_.run.in_flight : default_in_flight(threads_);
  ram_ = graph_.run.ram > 0 ? graph_.run.ram : available_memory() / 2;
}

run_session::~run_session() {
  std::lock_guard lock(mutex_);
  flow_.reset();
}

void run_session::stop() {
  stop_asked_ = true;
  std::lock_guard lock(mutex_);
  // After the items there may be nothing left to stop: run_gathers() looks before each gather.
  std::string_view phase = phase_.load();
  if (flow_ && (phase == "starting" || phase == "items")) flow_->drain(stop_kind::asked, "stopped");
}

void run_session::cancel() {
  cancel_asked_ = true;
  stop();
  std::lock_guard lock(mutex_);
  if (flow_) flow_->cancel();
}

progress run_session::now() const {
  progress p;
  p.phase = phase_.load();
  std::lock_guard lock(mutex_);
  if (!flow_) return p;
  dataflow_numbers n = flow_->numbers();
  p.read = n.read;
  p.done = n.done;
  p.skipped = n.skipped;
  p.failed = n.failed;
  p.already = n.already;
  p.replayed = n.replayed;
  p.total = n.total;
  if (items_began_ != std::chrono::steady_clock::time_point{})
    p.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - items_began_).count();
  return p;
}

void run_session::note(const std::string& text) {
  log_.write(log_level::info, text);
  std::lock_guard lock(mutex_);
  notes_.push_back(text);
}

// Whatever ends a run early becomes its exit code and one sentence.
template <class Steps> report run_session::guarded(Steps&& steps) {
  report r;
  try {
    steps();
  } catch (const store_error& e) {
    r.exit_code = e.exit_code;
    r.message = e.what();
  } catch (const start_error& e) {
    r.exit_code = e.exit_code;
    r.message = e.what();
  } catch (const plugin_error& e) {
    r.exit_code = 69;
    r.message = e.what();
  } catch (const std::exception& e) {
    r.exit_code = 70;
    r.message = std::string("internal error: ") + e.what();
  }
  conclude(r);
  if (!r.message.empty()) log_.write(log_level::error, r.message);
  if (lock_ && r.exit_code != 64) {
    try {
      write_report(folder_, r);
    } catch (const store_error& e) {
      if (r.exit_code == 0) {
        r.exit_code = e.exit_code;
        r.message = e.what();
      }
    }
  }
  phase_ = "ended";
  return r;
}

report run_session::execute() {
  return guarded([this] {
    open_code();
    open_directory();
    open_store();
    run_items();
    // A stopped run has only a part of its items: gathers and exports wait for the rest.
    if (flow_->stopped() == stop_kind::asked || flow_->stopped() == stop_kind::run_error ||
        flow_->stopped() == stop_kind::internal_error)
      return;
    if (flow_->stopped() == stop_kind::none) run_gathers();
    if (flow_->stopped() != stop_kind::asked) write_exports();
  });
}

report run_session::execute_gathers() {
  return guarded([this] {
    open_code();
    open_directory();
    open_store();
    write_run_files(folder_, graph_, loaded_->plugin_folders, threads_);
    run_gathers();
    write_exports();
  });
}

void run_session::open_code() {
  code_ = open_stage_code(graph_, loaded_->catalog);
  if (options_.adjust_process)
    for (auto* setup : code_.process_setups) setup(process_options{threads_});
}

void run_session::open_directory() {
  std::string aside;
  if (options_.fresh) {
    // Somebody's folder that is no run directory is refused, not renamed.
    if (std::filesystem::exists(folder_)) prepare_run_directory(folder_);
    // A live run in the old directory must not be renamed under its feet.
    if (std::filesystem::exists(folder_ / "run.lock")) run_lock only_if_idle(folder_);
    aside = set_aside(folder_);
  }
  lock_ = std::make_unique<run_lock>(folder_);
  log_.open(folder_ / "log.txt");
  if (!aside.empty()) note("the old run directory is now " + aside);
  if (std::size_t n = remove_unfinished_files(folder_))
    note(std::to_string(n) + " unfinished files of an earlier run were removed");
  log_.write(log_level::info, "graph " + graph_.file + ", " + std::to_string(threads_) + " threads, in_flight " +
                                  std::to_string(in_flight_) + ", ram " + std::to_string(ram_ >> 20) + " MiB");
}

void run_session::open_store() {
  outcomes_ = plan_outcomes(graph_);
  if (!graph_.run.store) return;
  store_ = run_store::open(folder_, outcomes_.outcomes);
  if (!store_->journal_note().empty()) note(store_->journal_note());
  store_->load_ledger();
}

void run_session::write_exports() {
  if (!store_) return;
  phase_ = "exports";
  for (const export_setting& e : graph_.exports) {
    std::filesystem::path to = folder_ / e.path;
    std::error_code error;
    std::filesystem::create_directories(to.parent_path(), error);
    std::size_t records = export_jsonl(folder_, to, {});
    note(to.string() + ": " + std::to_string(records) + " records");
  }
}

// As a word of a shell's command line, so that the command we print can be copied.
static std::string shell_word(const std::string& text) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:=@%^";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// What every report has, whether the run went through or not.
void run_session::conclude(report& r) const {
  r.graph = graph_.file;
  r.run_directory = folder_.string();
  r.threads = threads_;
  r.in_flight = in_flight_;
  r.ram = ram_;
  std::lock_guard lock(mutex_);
  r.notes = notes_;
  r.first_failures = failures_;
  r.missing = missing_;
  if (gather_failed_ && r.exit_code == 0) {
    r.exit_code = 3;
    r.message = "a gather failed; see the notes";
  }
  if (!flow_) return;
  dataflow_numbers n = flow_->numbers();
  r.read = n.read;
  r.done = n.done;
  r.skipped = n.skipped;
  r.failed = n.failed;
  r.cancelled = n.cancelled;
  r.already = n.already;
  r.already_failed = already_failed_;
  r.replayed = n.replayed;
  r.peak_in_flight = n.peak_in_flight;
  r.peak_ram = static_cast<std::uint64_t>(n.peak_bytes);
  r.seconds = item_seconds_;
  r.items_per_second = item_seconds_ > 0 ? static_cast<double>(n.read) / item_seconds_ : 0;
  for (std::size_t i = 0; i < n.stages.size(); ++i) {
    const stage_numbers& s = n.stages[i];
    const checked_stage& spec = graph_.stages[i];
    if (spec.manifest.shape == stage_shape::gather) continue;
    r.stages.push_back({spec.name, spec.manifest.use(), s.calls, s.values, s.skips, s.errors, s.retries, s.busy_seconds,
                        s.parallel, s.peak_calls});
  }
  find_limit(r, spent_, n.reads_withheld);
  if (!n.largest_item.empty())
    r.notes.push_back("item '" + n.largest_item + "' alone is larger than run.ram (" + std::to_string(ram_ >> 20) +
                      " MiB); raise run.ram");
  if (r.exit_code != 0) return;
  switch (flow_->stopped()) {
    case stop_kind::asked:
      r.exit_code = 75;
      r.message = "interrupted; nothing is lost, go on with: flowrun resume " + shell_word(folder_.string());
      break;
    case stop_kind::run_error:
      r.exit_code = 74;
      r.message =
          flow_->stop_text() + "; put that right, then go on with: flowrun resume " + shell_word(folder_.string());
      break;
    case stop_kind::internal_error:
      r.exit_code = 70;
      r.message = "internal error: " + flow_->stop_text();
      break;
    case stop_kind::error_rate:
      r.exit_code = 4;
      r.message = flow_->stop_text() + ", more than max_error_rate allows";
      break;
    case stop_kind::on_error:
      r.exit_code = 3;
      r.message = flow_->stop_text();
      break;
    case stop_kind::none: {
      std::uint64_t ended = n.done + n.skipped + n.failed;
      if (n.failed == 0) break;
      r.exit_code = static_cast<double>(n.failed) > graph_.run.max_error_rate * static_cast<double>(ended) ? 4 : 3;
      r.message = std::to_string(n.failed) + " of " + std::to_string(ended) + " items failed" +
                  (r.exit_code == 4 ? ", more than max_error_rate allows" : "");
    }
  }
}

}  // namespace flowrun::core
