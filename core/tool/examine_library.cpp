#include "examine_library.hpp"

#include <cstdio>

#include "child_process.hpp"
#include "listed_stages.hpp"
#include "tool.hpp"

namespace tool {

namespace fs = std::filesystem;

namespace {

// What `plugins list` would say against it by its sidecar alone; empty: nothing.
std::string find_sidecar_fault(const fs::path& library) {
  flowrun::engine_options options;
  options.plugin_folders = {library.parent_path()};
  const json all = json::parse(flowrun::engine(options).plugins_json());
  for (const json& f : all["failures"])
    if (fs::path(text_of(f["library"])).filename() == library.filename()) return text_of(f["reason"]);
  return {};
}

std::string seconds_text(double s) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", s);
  return text;
}

// How the process ended, where that was no good end.
void judge_end(const child_end& end, bool answered, double limit, examined_library& l) {
  const char* when = answered ? " when the process ended, after it was opened" : " when it was opened";
  if (end.timed_out) {
    l.state = "hangs";
    l.reason = std::string(answered ? "the process that opened it did not end" : "it was not open") + " after " +
               seconds_text(limit) + " and was killed";
  } else if (end.signal != 0) {
    l.state = "crashed";
    l.reason = signal_text(end.signal) + when;
  } else if (!answered || end.exit_status != 0) {
    l.state = "crashed";
    l.reason = "it ended the process with exit status " + std::to_string(end.exit_status) + when;
  }
}

void take_answer(const json& told, examined_library& l) {
  l.reason = text_of(told["reason"]);
  l.state = l.reason.empty() ? "ok" : told["loaded"].get<bool>() ? "refused" : "unloadable";
  l.plugin = text_of(told["plugin"]);
  l.version = text_of(told["version"]);
  l.compiler = text_of(told["compiler"]);
  l.backend = text_of(told["backend"]);
  for (const json& stage : told["stages"]) l.stages.push_back(l.plugin + "." + text_of(stage));
}

}  // namespace

examined_library examine_library(const fs::path& library, double limit) {
  examined_library l;
  l.library = library.string();
  const fs::path file = fs::absolute(library).lexically_normal();
  const child_end end =
      run_child({"plugins", "open-one", file.string()}, std::chrono::milliseconds(static_cast<long>(limit * 1000)));
  const json told = json::parse(end.output, nullptr, false);
  const bool answered = told.is_object();
  if (answered) take_answer(told, l);
  judge_end(end, answered, limit, l);
  if (l.fine()) l.reason = find_sidecar_fault(file);
  if (l.fine() && !l.reason.empty()) l.state = "refused";
  return l;
}

}  // namespace tool
