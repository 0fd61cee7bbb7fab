// The yardstick: what pictures show, in plain loops, one thread each, without flowrun's runtime.
//
//   bare_categories [--decode | --session] [--batch N] [--precision P] [--outputs FILE] THREADS MODEL PLUGIN FOLDER
//
// Thread t takes pictures t, t + THREADS, ... of FOLDER by itself: reads them, makes rows as the model file MODEL says,
// calls one session of the backend in PLUGIN with batches of N rows (16), and finds the best labels and the vector of
// length 1. --decode reads only; --session calls with one batch of real rows again and again. Prints JSON: threads,
// pictures, seconds, open_seconds, the CPU ms of a picture (decode_ms, preprocess_ms, session_ms, labels_ms), file,
// compiler, opencv. FILE gets all outputs of all pictures, in the order of their names, as float32.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <flowrun/opencv.hpp>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "../plugins/model/normalize.hpp"
#include "../plugins/model/top_labels.hpp"
#include "bare_loop.hpp"
#include "bare_network.hpp"
#include "model/preprocess.hpp"
#include "part_clock.hpp"

namespace {

struct arguments {
  bool decode = false, session = false;
  std::size_t batch = 16, threads = 0;
  std::string precision = "fp32", outputs, model, plugin, folder;
};

using labels = std::vector<model_stages::label>;

struct totals {
  double decode = 0, preprocess = 0, session = 0, labels = 0;
  std::string error;
};

// Of all pictures; every loop writes to places of its own.
struct found {
  std::vector<labels> best;
  std::vector<std::vector<float>> outputs;
};

class loop {
 public:
  loop(bare::network& with, const arguments& asked, found& all) : with_(with), asked_(asked), all_(all) {
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(asked.batch)};
    for (const flowrun::dimension& d : with.model.inputs.at(0).shape) shape.push_back(d.high);
    input_ = with.session->make_input(with.model.inputs[0].type, std::move(shape));
  }

  void run(const std::vector<std::filesystem::path>& pictures, std::size_t first) {
    for (std::size_t i = first; i < pictures.size(); i += asked_.threads) {
      const flowrun::image picture = read(pictures[i]);
      if (asked_.decode) continue;
      put(picture);
      rows_.push_back(i);
      if (rows_.size() == asked_.batch) call();
    }
    if (!rows_.empty()) call();
  }

  // A batch of the first pictures, before the clock starts.
  void fill(const std::vector<std::filesystem::path>& pictures) {
    for (std::size_t i = 0; i < asked_.batch; ++i, rows_.push_back(i)) put(read(pictures[i % pictures.size()]));
  }
  void run_session(std::size_t calls) {
    for (std::size_t i = 0; i < calls; ++i) ask(asked_.batch);
  }

  totals sum;

 private:
  flowrun::image read(const std::filesystem::path& path) {
    bare::part_clock clock(sum.decode);
    cv::Mat pixels = cv::imread(path.string(), cv::IMREAD_COLOR);
    if (pixels.empty()) throw std::runtime_error(path.string() + " is no picture");
    return flowrun::share(std::move(pixels));
  }

  void put(const flowrun::image& picture) {
    bare::part_clock clock(sum.preprocess);
    char* to = static_cast<char*>(input_.data.get()) + rows_.size() * with_.model.inputs[0].row_bytes();
    flowrun::core::put_image(with_.model, 0, picture, {}, to);
  }

  std::vector<flowrun::tensor> ask(std::size_t rows) {
    bare::part_clock clock(sum.session);
    flowrun::tensor in = input_;
    in.shape[0] = static_cast<std::int64_t>(rows);
    std::vector<flowrun::tensor> out;
    const flowrun::run_result r = with_.session->run({&in, 1}, rows, out);
    if (r.outcome != flowrun::run_outcome::ok) throw std::runtime_error("the session: " + r.text);
    return out;
  }

  // The first output has the scores, a second one the vector, as in efficientnet-lite0.
  void call() {
    const std::vector<flowrun::tensor> out = ask(rows_.size());
    bare::part_clock clock(sum.labels);
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      const std::span<const float> scores = row_of(out[0], k), vector = row_of(out.back(), k);
      all_.best[rows_[k]] = model_stages::top_labels(scores, with_.model.labels, {});
      std::vector<float> unit(vector.begin(), vector.end());
      model_stages::normalize(unit);
      if (asked_.outputs.empty()) continue;
      all_.outputs[rows_[k]].assign(scores.begin(), scores.end());
      if (out.size() > 1) all_.outputs[rows_[k]].insert(all_.outputs[rows_[k]].end(), unit.begin(), unit.end());
    }
    rows_.clear();
  }

  static std::span<const float> row_of(const flowrun::tensor& t, std::size_t row) {
    const std::span<const float> all = t.values<const float>();
    const std::size_t each = all.size() / static_cast<std::size_t>(t.shape[0]);
    return all.subspan(row * each, each);
  }

  bare::network& with_;
  const arguments& asked_;
  found& all_;
  flowrun::tensor input_;
  std::vector<std::size_t> rows_;  // pictures of the batch
};

std::vector<std::filesystem::path> list_pictures(const std::string& folder) {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".jpg") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  if (all.empty()) throw std::runtime_error(folder + " has no .jpg");
  return all;
}

void write_outputs(const found& all, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  for (const std::vector<float>& values : all.outputs)
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(float)));
  if (!out.flush()) throw std::runtime_error(path + " cannot be written");
}

int run(const arguments& asked) {
  const std::vector<std::filesystem::path> pictures = list_pictures(asked.folder);
  const bare::stopwatch since_start;
  bare::network with(asked.plugin, asked.model, asked.precision, asked.batch, asked.threads);
  const double open_seconds = since_start.seconds();
  found all{std::vector<labels>(pictures.size()), std::vector<std::vector<float>>(pictures.size())};
  std::vector<loop> loops;
  for (std::size_t t = 0; t < asked.threads; ++t) loops.emplace_back(with, asked, all);
  if (asked.session)
    for (loop& each : loops) each.fill(pictures);
  const std::size_t calls = (pictures.size() + asked.batch * asked.threads - 1) / (asked.batch * asked.threads);
  for (loop& each : loops) each.sum = {};
  std::vector<std::thread> threads;
  const bare::stopwatch watch;
  for (std::size_t t = 0; t < asked.threads; ++t)
    threads.emplace_back([&, t] {
      try {
        asked.session ? loops[t].run_session(calls) : loops[t].run(pictures, t);
      } catch (const std::exception& e) {
        loops[t].sum.error = e.what();
      }
    });
  for (std::thread& t : threads) t.join();
  const double seconds = watch.seconds();
  totals sum;
  for (const loop& each : loops) {
    if (!each.sum.error.empty()) throw std::runtime_error(each.sum.error);
    sum.decode += each.sum.decode;
    sum.preprocess += each.sum.preprocess;
    sum.session += each.sum.session;
    sum.labels += each.sum.labels;
  }
  if (!asked.outputs.empty()) write_outputs(all, asked.outputs);
  const std::size_t done = asked.session ? calls * asked.batch * asked.threads : pictures.size();
  const double ms = 1000 / static_cast<double>(done);
  std::printf(
      "{\"threads\": %zu, \"pictures\": %zu, \"seconds\": %.6f, \"open_seconds\": %.6f, \"decode_ms\": %.4f, "
      "\"preprocess_ms\": %.4f, \"session_ms\": %.4f, \"labels_ms\": %.4f, \"file\": \"%s\", \"compiler\": \"%s\", "
      "\"opencv\": \"%s\"}\n",
      asked.threads, done, seconds, open_seconds, sum.decode * ms, sum.preprocess * ms, sum.session * ms,
      sum.labels * ms, with.variant.path.c_str(), bare::compiler, cv::getVersionString().c_str());
  return 0;
}

bool read_arguments(int argc, char** argv, arguments& asked) {
  int at = 1;
  for (; at < argc && std::strncmp(argv[at], "--", 2) == 0; ++at) {
    const std::string name = argv[at];
    if (name == "--decode" || name == "--session") {
      (name == "--decode" ? asked.decode : asked.session) = true;
      continue;
    }
    if (++at == argc) return false;
    if (name == "--batch")
      asked.batch = std::strtoul(argv[at], nullptr, 10);
    else if (name == "--precision")
      asked.precision = argv[at];
    else if (name == "--outputs")
      asked.outputs = argv[at];
    else
      return false;
  }
  if (argc - at != 4) return false;
  asked.threads = std::strtoul(argv[at], nullptr, 10);
  asked.model = argv[at + 1];
  asked.plugin = argv[at + 2];
  asked.folder = argv[at + 3];
  return asked.threads > 0 && asked.batch > 0 && !(asked.decode && asked.session);
}

}  // namespace

int main(int argc, char** argv) {
  arguments asked;
  if (!read_arguments(argc, argv, asked)) {
    std::fprintf(stderr,
                 "usage: bare_categories [--decode | --session] [--batch N] [--precision P] [--outputs FILE] "
                 "THREADS MODEL PLUGIN FOLDER\n");
    return 64;
  }
  try {
    return run(asked);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bare_categories: %s\n", e.what());
    return 70;
  }
}
