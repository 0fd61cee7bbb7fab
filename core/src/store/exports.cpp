#include "exports.hpp"

#include "export_record.hpp"
#include "text_output.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

std::size_t write_records(const fs::path& run_directory, text_output& out, export_options options) {
  exported_items items(run_directory, options.canonical);
  std::size_t records = 0;
  for (; items.next(); ++records) out.write(write_item_record(items, options.canonical) + "\n");
  while (items.next_stream()) out.write(write_stream_record(items, options.canonical) + "\n");
  items.find_run_answers();
  std::string of_run = write_run_record(items, options.canonical);
  if (!of_run.empty()) out.write(of_run + "\n");
  out.finish();
  return records;
}

}  // namespace

std::size_t export_jsonl(const fs::path& run_directory, const fs::path& to, export_options options) {
  text_output out(to);
  return write_records(run_directory, out, options);
}

std::size_t export_jsonl(const fs::path& run_directory, int fd, export_options options) {
  text_output out(fd);
  return write_records(run_directory, out, options);
}

export_summary export_as(const std::string& format, const fs::path& run_directory, const fs::path& to,
                         export_options options) {
  if (format == "csv") return export_csv(run_directory, to, options);
  if (format == "npy") return export_npy(run_directory, to);
  if (format == "coco") return export_coco(run_directory, to, options);
  if (format == "yolo") return export_yolo(run_directory, to);
  return {export_jsonl(run_directory, to, options), {}};
}

}  // namespace flowrun::core
