// The `labels` of a model file: a text file beside it, one label a line.
#include <algorithm>

#include "graph/text_check.hpp"
#include "model_sections.hpp"
#include "model_values.hpp"
#include "small_file.hpp"

namespace flowrun::core {

namespace {

constexpr std::size_t most_bytes = 16 << 20;

}  // namespace

std::vector<std::string> read_labels(const yaml_node& value, const std::filesystem::path& folder, problem_sink& out) {
  std::vector<std::string> labels;
  std::string name, fault;
  if (!read_line(value, "'labels'", name, out)) return labels;
  const std::filesystem::path file = folder / name;
  const auto text = read_small_file(file, most_bytes, fault);
  const std::string is = "the file of labels " + file.string() + " ";
  if (!text) {
    out.error("bad_labels", value.at, is + fault + "; write one label a line into such a file, or remove 'labels'");
    return labels;
  }
  std::size_t start = text->compare(0, 3, "\xef\xbb\xbf") == 0 ? 3 : 0;
  while (start < text->size()) {
    const std::size_t end = std::min(text->find('\n', start), text->size());
    std::string line = text->substr(start, end - start);
    start = end + 1;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    labels.push_back(std::move(line));
    const std::string number = std::to_string(labels.size());
    if (!labels.back().empty() && is_utf8(labels.back())) continue;
    out.error("bad_labels", value.at,
              labels.back().empty() ? is + "is empty on line " + number + "; every line is a label"
                                    : is + "is not UTF-8 on line " + number + "; save it as UTF-8");
    return labels;
  }
  if (labels.empty())
    out.error("bad_labels", value.at, is + "is empty; write one label a line into it, or remove 'labels'");
  return labels;
}

}  // namespace flowrun::core
