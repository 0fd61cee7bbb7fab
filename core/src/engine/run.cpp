#include <algorithm>
#include <flowrun/run.hpp>

#include "../graph/nearest_name.hpp"
#include "../store/errors.hpp"
#include "../store/export_formats.hpp"
#include "../store/exports.hpp"
#include "../store/key_text.hpp"
#include "run_session.hpp"

namespace flowrun {

struct run::parts {
  core::run_session session;
};

run::run(const graph& g, run_options options)
    : p_(new parts{core::run_session(core::engine_access::share(g), std::move(options))}) {}
run::~run() = default;

report run::execute() {
  return p_->session.execute();
}
void run::stop() {
  p_->session.stop();
}
void run::cancel() {
  p_->session.cancel();
}
progress run::now() const {
  return p_->session.now();
}

report run_gathers(const graph& g, const std::string& run_directory, const std::string& stage) {
  for (const core::checked_stage& s : core::engine_access::of(g).checked.stages) {
    if (s.name != stage) continue;
    if (s.manifest.shape != stage_shape::gather)
      throw run_directory_error(
          "stage '" + stage + "' is a " + core::shape_name(s.manifest.shape) + "; flowrun gather runs gathers", 64);
    run_options options;
    options.out = run_directory;
    return core::run_session(core::engine_access::share(g), options).execute_gathers(stage);
  }
  std::vector<std::string> gathers;
  for (const core::checked_stage& s : core::engine_access::of(g).checked.stages)
    if (s.manifest.shape == stage_shape::gather) gathers.push_back(s.name);
  throw run_directory_error(
      "the run's graph has no stage '" + stage + "'; " +
          (gathers.empty() ? "nor has it any gather" : "its gathers: " + core::list_names(gathers)) +
          core::did_you_mean(stage, gathers),
      64);
}

std::uint64_t export_results(const std::string& run_directory, const std::string& format, const std::string& to,
                             bool canonical, std::vector<std::string>* notes) {
  const std::vector<std::string>& formats = core::export_formats();
  if (std::find(formats.begin(), formats.end(), format) == formats.end())
    throw run_directory_error("'" + format + "' is not an export format; it can be: " + core::list_names(formats) +
                                  core::did_you_mean(format, formats),
                              64);
  if (to.empty() && !core::takes_stdout(format)) {
    const bool file = core::is_one_file(format);
    throw run_directory_error(
        format + (file ? " does not go to standard output; name a file"
                       : " is a folder of files and does not go to standard output; name a folder"),
        64);
  }
  try {
    if (to.empty()) return core::export_jsonl(run_directory, 1, {canonical});
    core::export_summary done = core::export_as(format, run_directory, to, {canonical});
    if (notes) notes->insert(notes->end(), done.notes.begin(), done.notes.end());
    return done.items;
  } catch (const core::store_error& e) {
    throw run_directory_error(e.what(), e.exit_code);
  }
}

std::vector<failed_item_report> failed_items(const std::string& run_directory) {
  try {
    std::vector<failed_item_report> all;
    for (auto& f : core::failed_items(run_directory))
      all.push_back({core::show_key(f.key), f.source, f.stage, core::show_text(f.reason)});
    return all;
  } catch (const core::store_error& e) {
    throw run_directory_error(e.what(), e.exit_code);
  }
}

}  // namespace flowrun
