// The host's own spdlog logger, its standard output and its signal handlers stay the host's.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

static void count_nothing(int) {}

TEST_CASE("a live run writes nothing to what is the host's") {
  std::ostringstream logged;
  auto mine = std::make_shared<spdlog::logger>("host", std::make_shared<spdlog::sinks::ostream_sink_mt>(logged));
  mine->set_level(spdlog::level::trace);
  spdlog::set_default_logger(mine);
  std::signal(SIGINT, &count_nothing);

  // Standard output and error into a file while flowrun works.
  std::FILE* file = std::tmpfile();
  REQUIRE(file);
  std::fflush(nullptr);
  const int out = ::dup(1), err = ::dup(2);
  ::dup2(::fileno(file), 1);
  ::dup2(::fileno(file), 2);
  report r;
  {
    auto fail = [](int n) {
      if (n == 1) throw std::runtime_error("one");
      return n;
    };
    engine_options options;
    options.stages = {make_input<int>("number"), make_stage("fail", fail, {"n"}, {"n"})};
    live_run live(engine(options).load_text(graph_text("", "  fail: {use: host.fail, in: in}\n"), "test"));
    for (int i = 0; i < 3; ++i) live.push("in", {std::to_string(i), i});
    live.close();
    r = live.wait();
  }
  std::fflush(nullptr);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::close(out);
  ::close(err);

  CHECK(r.failed == 1);
  CHECK(std::ftell(file) == 0);
  std::fseek(file, 0, SEEK_END);
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
  CHECK(spdlog::default_logger().get() == mine.get());
  CHECK(logged.str() == "");
  CHECK((std::signal(SIGINT, SIG_DFL) == &count_nothing));
  spdlog::info("still the host's");
  CHECK(logged.str().find("still the host's") != std::string::npos);
}
