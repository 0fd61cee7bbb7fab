#include "run_session.hpp"

#include <flowrun/atomic_file.hpp>

#include "../plan/process_limits.hpp"
#include "../run/stage_object.hpp"
#include "../store/exports.hpp"
#include "../store/run_directory.hpp"
#include "../store/unfinished_files.hpp"
#include "contents.hpp"
#include "default_in_flight.hpp"
#include "early_end.hpp"
#include "fill_progress.hpp"
#include "run_files.hpp"

namespace flowrun::core {

run_session::run_session(std::shared_ptr<const loaded_graph> loaded, run_options options)
    : loaded_(std::move(loaded)), graph_(loaded_->checked), options_(std::move(options)) {
  folder_ = options_.out.empty() ? graph_.run.out : options_.out;
  threads_ = options_.threads > 0 ? options_.threads : graph_.run.threads > 0 ? graph_.run.threads : usable_cores();
  ram_ = graph_.run.ram > 0 ? graph_.run.ram : available_memory() / 2;
}

run_session::~run_session() {
  std::lock_guard lock(mutex_);
  flow_.reset();
}

void run_session::stop() {
  std::lock_guard lock(mutex_);
  // After the items there may be nothing left to stop: run_gathers() looks before each gather.
  std::string_view phase = phase_.load();
  if (flow_ && (phase == "starting" || phase == "items")) flow_->drain(stop_kind::asked, "stopped");
  // Only now: a reader that sees it ends its sequence, which must not pass for the sequence's end.
  stop_asked_ = true;
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
  if (sampler_) sampler_->fill(p);
  fill_progress(p, flow_->numbers(), items_began_);
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
  } catch (...) {
    const early_end end = explain_exception();
    r.exit_code = end.exit_code;
    r.message = end.message;
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
    open_models();
    open_directory();
    open_store();
    run_items();
    // A stopped run has only a part of its items: gathers and exports wait for the rest.
    if (flow_->stopped() == stop_kind::asked || flow_->stopped() == stop_kind::run_error ||
        flow_->stopped() == stop_kind::device_lost || flow_->stopped() == stop_kind::internal_error)
      return;
    if (flow_->stopped() == stop_kind::none) run_gathers();
    if (flow_->stopped() != stop_kind::asked) write_exports();
  });
}

report run_session::execute_gathers(const std::string& asked) {
  asked_gather_ = asked;
  return guarded([this] {
    open_code();
    open_directory();
    open_store();
    write_run_files(folder_, graph_, {loaded_->plugin_folders, loaded_->model_folders}, threads_);
    run_gathers();
    write_exports();
  });
}

void run_session::open_code() {
  code_ = open_stage_code(graph_, loaded_->catalog);
  if (options_.adjust_process)
    for (auto* setup : code_.process_setups) setup(process_options{threads_});
}

void run_session::identify_stages() {
  identities_ = models_ ? models_->identities : identify_models(graph_, loaded_->gpus);
  add_contents(graph_, identities_);
}

// Before the directory: what does not fit the device must not replace what an earlier run was.
void run_session::open_models() {
  models_ = std::make_unique<model_sessions>(graph_, loaded_->catalog, loaded_->gpus, threads_, loaded_->cache_folder,
                                             options_.adjust_process);
  if (options_.measure_only)
    for (model_run& m : models_->runs) m.on_ceiling = nullptr;
  in_flight_ = graph_.run.in_flight > 0 ? graph_.run.in_flight : default_in_flight(graph_, models_->runs, threads_);
  int wanted = in_flight_for_batches(graph_, models_->runs, threads_) - threads_;
  if (in_flight_ < wanted)
    models_->notes.push_back("in_flight " + std::to_string(in_flight_) + " is less than the " + std::to_string(wanted) +
                             " items that keep every batch full while others run; leave it out to have them");
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
  if (models_)
    for (const std::string& text : models_->notes) note(text);
  if (!aside.empty()) note("the old run directory is now " + aside);
  if (std::size_t n = remove_unfinished_files(folder_))
    note(std::to_string(n) + " unfinished files of an earlier run were removed");
  log_.write(log_level::info, "graph " + graph_.file + ", " + std::to_string(threads_) + " threads, in_flight " +
                                  std::to_string(in_flight_) + ", ram " + std::to_string(ram_ >> 20) + " MiB");
}

void run_session::open_store() {
  identify_stages();
  outcomes_ = plan_outcomes(graph_, identities_);
  if (!graph_.run.store || options_.measure_only) return;
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
    export_summary done = export_as(e.format, folder_, to, {});
    note(to.string() + ": " + std::to_string(done.items) + " records");
    for (const std::string& left_out : done.notes) note(to.string() + ": " + left_out);
  }
}

}  // namespace flowrun::core
