// Process-wide settings of a library a plugin uses, such as its own thread pool. The command line tool applies them;
// a host decides itself (run_options::adjust_process).
//
//   FLOWRUN_PROCESS_SETUP(options) { cv::setNumThreads(1); }
#pragma once

namespace flowrun {

struct process_options {
  int threads = 1;  // of the run: inner pools beside it cost more than they bring
};

}  // namespace flowrun

#define FLOWRUN_PROCESS_SETUP(OPTIONS)                                                \
  extern "C" __attribute__((visibility("default"), used)) void flowrun_process_setup( \
      [[maybe_unused]] const flowrun::process_options& OPTIONS)
