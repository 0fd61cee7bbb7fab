// A program that runs a graph of its own: it pushes pictures, a stage of the program darkens them, and the plugin
// lighting.analyze measures them. Results arrive by callback.
#include <cstdio>
#include <flowrun/input_stage.hpp>
#include <flowrun/lambda_stage.hpp>
#include <flowrun/live_run.hpp>
#include <string>

constexpr auto graph_text = R"(
flowrun: 1
run: {in_flight: 4}
stages:
  pictures: {use: host.picture}
  dark: {use: host.darken, in: pictures}
  light: {use: lighting.analyze, params: {bins: 2}, in: dark}
)";

// A ramp from black to `brightest`, left to right.
static flowrun::image make_picture(int brightest) {
  flowrun::image_buffer picture(320, 200, 1);
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 320; ++x) picture.row(y)[x] = static_cast<std::uint8_t>(x * brightest / 319);
  return std::move(picture).freeze();
}

static flowrun::image darken(const flowrun::image& in) {
  return in.map([](std::uint8_t v) -> std::uint8_t { return v / 2; });
}

static void print(const flowrun::item_result& r) {
  const bool done = r.status == flowrun::result_status::done;
  std::printf("%s: %s\n", r.key.c_str(), done ? r.json("light").c_str() : r.reason.c_str());
}

int main() {
  flowrun::engine_options options;
  options.plugin_folders = {PLUGIN_FOLDER};
  options.stages = {flowrun::make_input<flowrun::image>("picture"),
                    flowrun::make_stage("darken", &darken, {"image"}, {"image"})};
  const flowrun::graph graph = flowrun::engine(options).load_text(graph_text, "embed");
  for (const flowrun::problem& p : graph.problems()) std::fprintf(stderr, "%s\n", to_text(p).c_str());
  if (!graph.ok()) return 1;

  flowrun::live_run live(graph, {.on_result = print});
  for (int brightest = 15; brightest <= 255; brightest += 80)
    live.push("pictures", {"ramp to " + std::to_string(brightest), make_picture(brightest)});
  live.close();
  const flowrun::report report = live.wait();
  if (!report.message.empty()) std::fprintf(stderr, "%s\n", report.message.c_str());
  return report.exit_code;
}
