// hdbscan_file IN COUNT DIMS OUT [name=value ...]: clusters float32 rows of a file, for comparisons with other
// programs. OUT gets labels (int32), probabilities, outlier scores, distances of the tree (double), ends of its edges
// (uint32 pairs); standard output the figures as JSON. Names are min_cluster_size, min_samples, epsilon, method,
// threads, and of the effort kernel, near, sampled_pairs, sampled_points, kept_pairs.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

#include "hdbscan.hpp"

namespace {

struct request {
  hdbscan::settings settings;
  hdbscan::search_effort effort;
};

void set(request& r, const std::string& name, const std::string& value) {
  const std::map<std::string, std::function<void()>> known = {
      {"min_cluster_size", [&] { r.settings.min_cluster_size = std::stoul(value); }},
      {"min_samples", [&] { r.settings.min_samples = std::stoul(value); }},
      {"epsilon", [&] { r.settings.epsilon = std::stod(value); }},
      {"threads", [&] { r.settings.threads = std::stoi(value); }},
      {"method",
       [&] { r.settings.method = value == "leaf" ? hdbscan::selection::leaf : hdbscan::selection::excess_of_mass; }},
      {"kernel", [&] { r.effort.kernel = value; }},
      {"near", [&] { r.effort.near_pairs_a_point = std::stod(value); }},
      {"sampled_pairs", [&] { r.effort.sampled_pairs = std::stoul(value); }},
      {"sampled_points", [&] { r.effort.sampled_points = std::stoul(value); }},
      {"kept_pairs", [&] { r.effort.kept_pairs = std::stoul(value); }},
  };
  const auto found = known.find(name);
  if (found == known.end()) throw std::invalid_argument("unknown name '" + name + "'");
  found->second();
}

template <class T> void write(std::ofstream& out, const std::vector<T>& values) {
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

void write_result(const std::string& path, const hdbscan::clustering& c) {
  std::ofstream out(path, std::ios::binary);
  write(out, c.labels);
  write(out, c.probabilities);
  write(out, c.outlier_scores);
  std::vector<double> distances;
  std::vector<hdbscan::point_id> ends;
  for (const hdbscan::tree_edge& e : c.tree) {
    distances.push_back(e.distance);
    ends.insert(ends.end(), {e.a, e.b});
  }
  write(out, distances);
  write(out, ends);
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

// Largest resident memory so far. getrusage() counts what the parent had when it started this process.
double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (double kib = 0; word == "VmHWM:" && status >> kib) return kib / 1024;
  throw std::runtime_error("/proc/self/status has no VmHWM");
}

void run(int argc, char** argv) {
  if (argc < 5) throw std::invalid_argument("right: hdbscan_file IN COUNT DIMS OUT [name=value ...]");
  request r;
  for (int a = 5; a < argc; ++a) {
    const std::string text = argv[a];
    const std::size_t equals = text.find('=');
    set(r, text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1));
  }
  const std::size_t count = std::stoul(argv[2]), dims = std::stoul(argv[3]);
  std::vector<float> rows(count * dims);
  std::ifstream in(argv[1], std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(rows.data()), static_cast<std::streamsize>(rows.size() * sizeof(float))))
    throw std::runtime_error(std::string("cannot read ") + argv[1] + ": it has too few bytes, or is not there");
  const auto begin = std::chrono::steady_clock::now();
  const hdbscan::clustering c = cluster({rows.data(), count, dims}, r.settings, r.effort);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double peak = peak_mib();
  write_result(argv[4], c);
  const hdbscan::search_figures& f = c.figures;
  std::printf(
      "{\"seconds\": %.4f, \"pass_seconds\": %.4f, \"passes\": %d, \"kernel\": \"%s\", \"distances\": %zu, "
      "\"components\": %zu, \"peak_mib\": %.1f}\n",
      seconds, f.pass_seconds, f.passes, f.kernel.c_str(), f.distances, f.components, peak);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "hdbscan_file: %s\n", e.what());
    return 64;
  }
}
