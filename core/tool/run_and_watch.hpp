// Runs a graph with a progress line, and with Ctrl-C: once drains, twice ends the process.
#pragma once
#include <flowrun/run.hpp>

namespace tool {

// Prints the summary; returns the exit code.
int run_and_watch(const flowrun::graph& g, const flowrun::run_options& options);

// Summary to stdout, message to stderr; returns the report's exit code.
int print_report(const flowrun::report& r);

}  // namespace tool
