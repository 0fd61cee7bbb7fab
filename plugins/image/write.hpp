// image.write: images as files.
#pragma once
#include <flowrun/plugin.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "output_folder.hpp"
#include "path_template.hpp"

namespace image_write {

struct write {
  static constexpr auto name = "write";

  std::string path = "{key}";
  std::string format = "auto";
  int quality = 95;

  static void describe(flowrun::description<write>& d);
  void open(const flowrun::stage_context& context);
  void run(const flowrun::image& in, const flowrun::item_info& item) const;

 private:
  void claim(const std::string& relative, const flowrun::item_info& item) const;
  std::vector<std::uint8_t> encode(const flowrun::image& in, const std::string& as) const;

  struct owner {
    std::string source, stream, key;
    std::uint64_t seq;
    bool operator==(const owner&) const = default;
  };

  std::optional<path_template> template_;
  output_folder folder_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, owner> owners_;  // by path
};

}  // namespace image_write
