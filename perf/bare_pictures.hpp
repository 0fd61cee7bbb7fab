// The pictures of a folder and the frames of its videos, one after another, for whichever plain loop asks next.
#pragma once
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>

#include "decode_image.hpp"
#include "list_files.hpp"
#include "video_reader.hpp"

namespace bare {

struct picture {
  std::string file;
  std::uint64_t index = 0;  // of a video's frame
  flowrun::image pixels;
};

class pictures {
 public:
  pictures(const std::string& folder, const media::video_options& options) : files_(list(folder)), options_(options) {}

  // False: there is no more. A video's frames are decoded one at a time, pictures by many threads at once.
  bool next(picture& to) {
    std::unique_lock lock(mutex_);
    while (at_ < files_.size()) {
      const media::found_file& file = files_[at_];
      to.file = file.key;
      to.index = 0;
      if (file.kind != media::file_kind::video) {
        ++at_;
        lock.unlock();
        to.pixels = read(file.path);
        return true;
      }
      if (!video_) video_ = std::make_unique<media::video_reader>(file.path, options_, nullptr);
      if (video_->next()) {
        to.index = video_->index();
        to.pixels = video_->load();
        return true;
      }
      video_.reset();
      ++at_;
    }
    return false;
  }

 private:
  static std::vector<media::found_file> list(const std::string& folder) {
    media::listing_options options;
    options.recursive = options.videos = true;
    return media::list_files({folder}, options).files;
  }

  static flowrun::image read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    try {
      return media::decode_image(content, {});
    } catch (const std::runtime_error& e) {
      throw std::runtime_error(path + " " + e.what());
    }
  }

  const std::vector<media::found_file> files_;
  const media::video_options options_;
  std::mutex mutex_;
  std::size_t at_ = 0;
  std::unique_ptr<media::video_reader> video_;
};

}  // namespace bare
