// `flowrun plugins open-one LIBRARY`, not listed: what `plugins doctor` starts as a process of its own.
#include <sys/resource.h>
#include <unistd.h>

#include <flowrun/probe_plugin.hpp>

#include "listed_stages.hpp"
#include "plugins_commands.hpp"

namespace tool {

static bool write_all(int to, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    ssize_t n = ::write(to, text.data() + at, text.size() - at);
    if (n <= 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

static int open_one(const std::string& library) {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  // Only the answer goes to stdout, whatever the library prints.
  const int answer = ::dup(STDOUT_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  const flowrun::probed_plugin p = flowrun::probe_plugin(library);
  const json told = {{"loaded", p.loaded},     {"reason", p.reason},   {"plugin", p.name},  {"version", p.version},
                     {"compiler", p.compiler}, {"backend", p.backend}, {"stages", p.stages}};
  return write_all(answer, told.dump(-1, ' ', false, json::error_handler_t::replace) + "\n") ? ok : io;
}

void add_plugins_open_one(CLI::App& plugins, action& todo) {
  auto library = std::make_shared<std::string>();
  CLI::App* c = plugins.add_subcommand("open-one", "Opens a library in this process and tells as JSON what is in it");
  c->group("");
  c->add_option("library", *library, "Library")->required()->type_name("PATH");
  c->callback([library, &todo] { todo = [library] { return open_one(*library); }; });
}

}  // namespace tool
