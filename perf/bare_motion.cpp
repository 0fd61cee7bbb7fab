// The yardstick: the analysis of plugins/motion in plain loops, one thread each, without flowrun's runtime.
//
//   bare_motion [--decode] [--max-frames N] THREADS VIDEO...
//
// Thread t decodes and analyses videos t, t + THREADS, ... by itself, as so many separate programs would; with --decode
// it drops the frames instead, with --max-frames it takes the first N of each video. Prints JSON: threads, videos,
// frames, pairs, seconds, frames_per_second, mean_magnitude (over all pairs, px), cuts, compiler, opencv.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <flowrun/opencv.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bare_loop.hpp"
#include "measure.hpp"
#include "video_reader.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace {

struct arguments {
  bool decode = false;
  std::int64_t max_frames = 0;  // of each video; 0: all
  std::size_t threads = 0;
  std::vector<std::string> videos;
};

struct totals {
  std::size_t frames = 0, pairs = 0, cuts = 0;
  double magnitudes = 0;  // px, sum of the pairs' means
  std::string error;
};

void analyse(const std::string& path, const arguments& asked, motion::measure_scratch& scratch, totals& sum) {
  media::video_options options;
  options.max_frames = asked.max_frames;
  media::video_reader video(path, options, {});
  flowrun::image previous;
  while (video.next()) {
    flowrun::image current = video.load();
    ++sum.frames;
    if (asked.decode) continue;
    if (current.width == previous.width && current.height == previous.height) {
      const motion::measured found = motion::measure(flowrun::view(previous), flowrun::view(current), {}, scratch);
      ++sum.pairs;
      sum.cuts += found.values.cut;
      sum.magnitudes += found.values.mean_magnitude;
    }
    previous = std::move(current);
  }
}

void analyse_every(const arguments& asked, std::size_t first, totals& sum) {
  motion::measure_scratch scratch;
  for (std::size_t i = first; i < asked.videos.size(); i += asked.threads) {
    try {
      analyse(asked.videos[i], asked, scratch, sum);
    } catch (const std::exception& e) {
      sum.error = asked.videos[i] + ": " + e.what();
      return;
    }
  }
}

int run(const arguments& asked) {
  av_log_set_level(AV_LOG_QUIET);  // as the plugin media does
  std::vector<totals> parts(asked.threads);
  std::vector<std::thread> loops;
  const bare::stopwatch watch;
  for (std::size_t t = 0; t < asked.threads; ++t) loops.emplace_back([&, t] { analyse_every(asked, t, parts[t]); });
  for (std::thread& loop : loops) loop.join();
  const double seconds = watch.seconds();
  totals sum;
  for (const totals& part : parts) {
    if (!part.error.empty()) {
      std::fprintf(stderr, "bare_motion: %s\n", part.error.c_str());
      return 70;
    }
    sum.frames += part.frames;
    sum.pairs += part.pairs;
    sum.cuts += part.cuts;
    sum.magnitudes += part.magnitudes;
  }
  std::printf(
      "{\"threads\": %zu, \"videos\": %zu, \"frames\": %zu, \"pairs\": %zu, \"seconds\": %.6f, \"frames_per_second\": "
      "%.3f, \"mean_magnitude\": %.17g, \"cuts\": %zu, \"compiler\": \"%s\", \"opencv\": \"%s\"}\n",
      asked.threads, asked.videos.size(), sum.frames, sum.pairs, seconds, static_cast<double>(sum.frames) / seconds,
      sum.pairs ? sum.magnitudes / static_cast<double>(sum.pairs) : 0, sum.cuts, bare::compiler,
      cv::getVersionString().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  arguments asked;
  int at = 1;
  for (; at < argc && std::strncmp(argv[at], "--", 2) == 0; ++at) {
    if (std::strcmp(argv[at], "--decode") == 0) {
      asked.decode = true;
    } else if (std::strcmp(argv[at], "--max-frames") == 0 && at + 1 < argc) {
      asked.max_frames = std::strtoll(argv[++at], nullptr, 10);
    } else {
      at = argc;
      break;
    }
  }
  if (at < argc) asked.threads = std::strtoul(argv[at++], nullptr, 10);
  if (at < argc) asked.videos.assign(argv + at, argv + argc);
  if (asked.threads == 0 || asked.videos.empty() || asked.max_frames < 0) {
    std::fprintf(stderr, "usage: bare_motion [--decode] [--max-frames N] THREADS VIDEO...\n");
    return 64;
  }
  return run(asked);
}
