// A model's files against values that were computed elsewhere.
#include <flowrun/models.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "../model/model_catalog.hpp"
#include "../model/npz_file.hpp"
#include "../model/number_values.hpp"
#include "../model/opened_model.hpp"
#include "join_folders.hpp"
#include "open_backend.hpp"
#include "reference_values.hpp"

namespace flowrun {

namespace fs = std::filesystem;
using namespace core;

namespace {

bool fits(const model_variant& v, const std::string& precision) {
  if (v.target != "any" && v.target != "cpu") return false;
  const std::vector<std::string> has = v.precisions.empty() ? std::vector<std::string>{"fp32"} : v.precisions;
  return std::find(has.begin(), has.end(), precision) != has.end();
}

// Infinite where only one of them is a number.
double difference_of(double got, double want) {
  if (got == want || (std::isnan(got) && std::isnan(want))) return 0;
  const double difference = std::abs(got - want);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

void add_differences(const tensor& got, const tensor& want, const model_comparison& wanted, compared_output& to) {
  if (got.shape != want.shape) throw std::runtime_error("'" + to.output + "' came with another shape");
  const std::vector<double> a = number_values(got), b = number_values(want);
  to.values += a.size();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = difference_of(a[i], b[i]);
    if (difference == 0) continue;
    const bool comparable = std::isfinite(difference) && b[i] != 0;
    to.absolute = std::max(to.absolute, difference);
    to.relative =
        std::max(to.relative, comparable ? difference / std::abs(b[i]) : std::numeric_limits<double>::infinity());
    if (!std::isfinite(difference) || difference > wanted.absolute + wanted.relative * std::abs(b[i])) ++to.beyond;
  }
}

// Where the next call begins, and how many rows it has; the last call may take rows again, for a file with a least
// batch.
struct row_span {
  std::size_t first, count;
};
// One by one where each row's answer depends on those before it.
std::vector<row_span> split_rows(const model_file& m, const model_variant& v, std::size_t rows) {
  constexpr std::size_t usual = 16;
  const std::size_t least = m.stream_state ? 1 : v.batch_low;
  const std::size_t usable = v.batch_high > 0 ? std::min(v.batch_high, usual) : usual;
  const std::size_t most = m.stream_state ? 1 : std::max(least, usable);
  if (rows < least)
    throw std::runtime_error("it takes at least " + std::to_string(least) + " rows, but there are " +
                             std::to_string(rows));
  std::vector<row_span> spans;
  for (std::size_t first = 0; first < rows; first += most) {
    const std::size_t count = std::min(most, rows - first);
    spans.push_back(count < least ? row_span{rows - least, least} : row_span{first, count});
  }
  return spans;
}

std::vector<compared_output> compare_variant(const stage_catalog& catalog, const model_file& m, const model_variant& v,
                                             const reference_values& reference, const model_comparison& wanted) {
  std::vector<compared_output> all;
  for (const model_port& p : m.outputs)
    if (reference.outputs.count(p.name)) all.push_back({v.path, p.name, 0, 0, 0, 0, {}});
  const std::vector<row_span> spans = split_rows(m, v, reference.rows);
  const opened_model file(m, v);
  const auto from = open_backend(catalog, m, v, nullptr);
  session_options o;
  o.variant = &v;
  o.path = file.path();
  o.precision = wanted.precision;
  for (const row_span& s : spans) o.batch = std::max(o.batch, s.count);
  const auto session = from->open(m, device{}, o);
  for (const row_span& s : spans) {
    std::vector<tensor> in, out;
    for (const tensor& t : reference.inputs) in.push_back(rows_of(t, s.first, s.count));
    const run_result ran = m.stream_state ? session->run_in_stream(0, in, out) : session->run(in, s.count, out);
    if (ran.outcome != run_outcome::ok) throw std::runtime_error("it failed: " + ran.text);
    if (out.size() != m.outputs.size())
      throw std::runtime_error("it gave another number of outputs than the model file says");
    for (compared_output& c : all)
      for (std::size_t i = 0; i < out.size(); ++i)
        if (m.outputs[i].name == c.output)
          add_differences(out[i], rows_of(reference.outputs.at(c.output), s.first, s.count), wanted, c);
  }
  return all;
}

compared_output refused(const std::string& file, const std::string& why) {
  return {file, {}, 0, 0, 0, 0, why};
}

std::vector<compared_output> compare(const engine_options& options, const model_comparison& wanted) {
  const model_catalog models =
      read_model_catalog(join_folders(options.model_folders, {}, options.fallback_model_folders));
  const model_file* m = models.find(wanted.model);
  if (!m) return {refused("", "there is no such model file")};
  const reference_values reference = sort_reference(*m, read_npz(wanted.values), wanted.values.string());
  const stage_catalog catalog = read_catalog(join_folders(options.plugin_folders, {}, options.fallback_plugin_folders));
  std::vector<compared_output> all;
  for (const model_variant& v : m->variants) {
    if (!fits(v, wanted.precision)) continue;
    try {
      for (compared_output& c : compare_variant(catalog, *m, v, reference, wanted)) all.push_back(std::move(c));
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& e) {
      all.push_back(refused(v.path, e.what()));
    }
  }
  if (all.empty())
    all.push_back(refused("", "the model file has no file for the CPU in the precision " + wanted.precision));
  return all;
}

}  // namespace

std::vector<compared_output> compare_model(const engine_options& options, const model_comparison& wanted) {
  try {
    return compare(options, wanted);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    return {refused("", e.what())};
  }
}

}  // namespace flowrun
