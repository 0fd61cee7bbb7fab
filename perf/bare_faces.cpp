// The yardstick: who is in pictures and videos, in plain loops, one thread each, without flowrun's runtime.
//
//   bare_faces [--every-nth N] [--max-frames N] [--batches DETECT EMBED] [--detector MODEL] [--faces FILE]
//              THREADS MODELS PLUGINS FOLDER
//
// Every loop takes the next picture of FOLDER by itself: reads it, finds faces, embeds them, calling the sessions of
// MODEL (centerface) and dlib-face (model files in MODELS, their backends in PLUGINS) with batches of DETECT (1) and
// EMBED (8) rows; then the vectors are clustered once, by THREADS threads. Prints JSON: threads, pictures, faces,
// identities, seconds, open_seconds, cluster_seconds, the CPU ms of a picture (decode_ms, put_ms, find_ms, choose_ms,
// align_ms, embed_ms, keep_ms), files, compiler, opencv. FILE gets [file, frame, x, y, w, h, score, identity] of every
// face.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <thread>
#include <tuple>

#include "bare_face_loop.hpp"
#include "bare_loop.hpp"
#include "hdbscan.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace {

struct arguments {
  media::video_options video;
  std::size_t detect_rows = 1, embed_rows = 8, threads = 0;
  std::string faces, detector = "centerface", models, plugins, folder;
};

bare::network open_network(const arguments& asked, const std::string& name, std::size_t rows) {
  const std::string file = asked.models + "/" + name + ".yaml";
  const flowrun::model_file model = bare::read_model(file);
  const std::string plugin = asked.plugins + "/" + bare::choose_file(model, "fp32").backend + ".so";
  return {plugin, file, "fp32", rows, asked.threads};
}

std::vector<bare::found_faces> take_found(std::deque<bare::face_loop>& loops) {
  std::vector<bare::found_faces> all;
  for (bare::face_loop& each : loops) {
    if (!each.error.empty()) throw std::runtime_error(each.error);
    std::move(each.found.begin(), each.found.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [](const bare::found_faces& a, const bare::found_faces& b) {
    return std::tie(a.file, a.index) < std::tie(b.file, b.index);
  });
  return all;
}

std::vector<std::int32_t> cluster(const std::vector<bare::found_faces>& all, std::size_t threads) {
  std::vector<float> rows;
  hdbscan::points points;
  for (const bare::found_faces& of : all)
    for (const faces::face_vector& v : of.vectors.list) {
      rows.insert(rows.end(), v.vector.begin(), v.vector.end());
      points.dims = v.vector.size();
      ++points.count;
    }
  points.data = rows.data();
  hdbscan::settings settings;
  settings.threads = static_cast<int>(threads);
  return hdbscan::cluster(points, settings).labels;
}

void write_faces(const std::vector<bare::found_faces>& all, const std::vector<std::int32_t>& labels,
                 const std::string& path) {
  std::FILE* out = std::fopen(path.c_str(), "w");
  if (!out) throw std::runtime_error(path + " cannot be written");
  std::size_t k = 0;
  for (const bare::found_faces& of : all)
    for (const faces::face& f : of.faces.list) {
      std::fprintf(out, "%s[\"%s\", %llu, %g, %g, %g, %g, %g, %d]", k == 0 ? "[" : ",\n", of.file.c_str(),
                   static_cast<unsigned long long>(of.index), f.x, f.y, f.w, f.h, f.score, labels[k]);
      ++k;
    }
  std::fprintf(out, k == 0 ? "[]\n" : "]\n");
  if (std::fclose(out) != 0) throw std::runtime_error(path + " cannot be written");
}

int run(const arguments& asked) {
  av_log_set_level(AV_LOG_QUIET);  // as the plugin media does
  const bare::stopwatch since_start;
  bare::network detector = open_network(asked, asked.detector, asked.detect_rows);
  bare::network embedder = open_network(asked, "dlib-face", asked.embed_rows);
  const double open_seconds = since_start.seconds();
  bare::pictures pictures(asked.folder, asked.video);
  std::deque<bare::face_loop> loops;
  for (std::size_t t = 0; t < asked.threads; ++t)
    loops.emplace_back(detector, embedder, asked.detect_rows, asked.embed_rows);
  std::vector<std::thread> threads;
  const bare::stopwatch watch;
  for (bare::face_loop& each : loops)
    threads.emplace_back([&each, &pictures] {
      try {
        each.run(pictures);
      } catch (const std::exception& e) {
        each.error = e.what();
      }
    });
  for (std::thread& t : threads) t.join();
  const std::vector<bare::found_faces> all = take_found(loops);
  const double found_seconds = watch.seconds();
  const std::vector<std::int32_t> labels = cluster(all, asked.threads);
  const double seconds = watch.seconds();
  if (!asked.faces.empty()) write_faces(all, labels, asked.faces);

  bare::face_parts sum;
  for (const bare::face_loop& each : loops) sum.add(each.parts);
  std::set<std::int32_t> identities(labels.begin(), labels.end());
  identities.erase(-1);
  const double ms = 1000 / static_cast<double>(std::max<std::size_t>(1, all.size()));
  std::printf(
      "{\"threads\": %zu, \"pictures\": %zu, \"faces\": %zu, \"identities\": %zu, \"seconds\": %.6f, "
      "\"open_seconds\": %.6f, \"cluster_seconds\": %.6f, \"decode_ms\": %.4f, \"put_ms\": %.4f, \"find_ms\": %.4f, "
      "\"choose_ms\": %.4f, \"align_ms\": %.4f, \"embed_ms\": %.4f, \"keep_ms\": %.4f, \"files\": \"%s, %s\", "
      "\"compiler\": \"%s\", \"opencv\": \"%s\"}\n",
      asked.threads, all.size(), labels.size(), identities.size(), seconds, open_seconds, seconds - found_seconds,
      sum.decode * ms, sum.put * ms, sum.find * ms, sum.choose * ms, sum.align * ms, sum.embed * ms, sum.keep * ms,
      detector.variant.path.c_str(), embedder.variant.path.c_str(), bare::compiler, cv::getVersionString().c_str());
  return 0;
}

bool read_arguments(int argc, char** argv, arguments& asked) {
  int at = 1;
  for (; at < argc && std::strncmp(argv[at], "--", 2) == 0; ++at) {
    const std::string name = argv[at];
    if (at + (name == "--batches" ? 2 : 1) >= argc) return false;
    const char* value = argv[++at];
    if (name == "--every-nth") {
      asked.video.every_nth = std::atoi(value);
    } else if (name == "--max-frames") {
      asked.video.max_frames = std::atoll(value);
    } else if (name == "--batches") {
      asked.detect_rows = std::strtoul(value, nullptr, 10);
      asked.embed_rows = std::strtoul(argv[++at], nullptr, 10);
    } else if (name == "--detector") {
      asked.detector = value;
    } else if (name == "--faces") {
      asked.faces = value;
    } else {
      return false;
    }
  }
  if (argc - at != 4) return false;
  asked.threads = std::strtoul(argv[at], nullptr, 10);
  asked.models = argv[at + 1];
  asked.plugins = argv[at + 2];
  asked.folder = argv[at + 3];
  return asked.threads > 0 && asked.detect_rows > 0 && asked.embed_rows > 0 && asked.video.every_nth > 0 &&
         asked.video.max_frames >= 0;
}

}  // namespace

int main(int argc, char** argv) {
  arguments asked;
  if (!read_arguments(argc, argv, asked)) {
    std::fprintf(stderr,
                 "usage: bare_faces [--every-nth N] [--max-frames N] [--batches DETECT EMBED] [--detector MODEL] "
                 "[--faces FILE] THREADS MODELS PLUGINS FOLDER\n");
    return 64;
  }
  try {
    return run(asked);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bare_faces: %s\n", e.what());
    return 70;
  }
}
