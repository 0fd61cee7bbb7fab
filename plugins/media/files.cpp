// media.files: pictures and videos from folders, files and patterns.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <flowrun/plugin.hpp>
#include <flowrun/process.hpp>
#include <limits>
#include <opencv2/core/utility.hpp>

#include "decode_image.hpp"
#include "file_access.hpp"
#include "file_kind.hpp"
#include "files_doc.hpp"
#include "list_files.hpp"
#include "video_reader.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace media {

struct media_ref : flowrun::item_ref {
  const found_file* file = nullptr;
};

// A video's frames as the runtime asks for them.
class video_frames {
 public:
  // `check` is called when reading fails; it throws where the failure concerns the whole run.
  video_frames(const std::string& path, const video_options& options, std::function<bool()> stop,
               std::function<void()> check)
      : check_(std::move(check)), reader_(path, options, std::move(stop)) {}

  bool next(flowrun::item_ref& frame) {
    try {
      if (reader_.next()) {
        frame.seq = reader_.index();
        frame.time_ns = reader_.time_ns();
        frame.bytes = reader_.bytes();
        return true;
      }
    } catch (const std::runtime_error&) {
      check_();
      throw;
    }
    return false;
  }
  flowrun::image load() { return reader_.load(); }

 private:
  std::function<void()> check_;
  video_reader reader_;
};

struct files {
  static constexpr auto name = "files";
  static constexpr std::size_t header_bytes = 64 << 10;  // read ahead of time, for the size

  std::string path;
  std::vector<std::string> paths;
  bool recursive = false;
  bool videos = true;
  std::int64_t max_pixels = decode_limits{}.max_pixels;
  int max_side = 0;
  int every_nth = 1;
  std::int64_t max_frames = 0;
  double start = 0, end = 0;

  static void describe(flowrun::description<files>& d) {
    d.doc(files_doc);
    d.param("path", &files::path,
            "a folder, a file, or a pattern with * ? [a-z] and ** for any folders; keys are relative to the folder, or "
            "to the one before the first wildcard. Either this or paths is needed")
        .listing();
    d.param("paths", &files::paths,
            "several of those; keys begin with each folder's name, or with so many of its last folders that all "
            "differ")
        .listing();
    d.param("recursive", &files::recursive,
            "folders inside folders too; links to folders are followed, but for those that lead back up")
        .listing();
    d.param("videos", &files::videos, "false: pictures only, videos are other files").listing();
    d.param("max_pixels", &files::max_pixels,
            "larger pictures and frames are failed items; pictures are told from their header")
        .unit("pixels")
        .range(1, 1 << 30);
    d.param("max_side", &files::max_side,
            "pictures and frames whose longer side is more are scaled down to it; 0: as they are")
        .unit("px")
        .range(0, 1 << 20);
    d.param("every_nth", &files::every_nth, "of a video, frames 0, n, 2n, ...").range(1, 1 << 30).spacing();
    d.param("max_frames", &files::max_frames, "so many frames of each video at most; 0: all")
        .range(0, 1LL << 53)
        .listing();
    d.param("start", &files::start, "of a video, frames from this time on").unit("s").range(0, 1e9).spacing();
    d.param("end", &files::end, "of a video, frames before this time; 0: to its end").unit("s").range(0, 1e9).listing();
    d.source(&files::next, &files::load, &files::read, {"image"});
  }

  void open(const flowrun::stage_context& context) {
    if (path.empty() == paths.empty())
      throw flowrun::input_error(path.empty() ? "neither path nor paths is given; set one of them"
                                              : "both path and paths are given; set only one of them");
    if (end > 0 && end <= start)
      throw flowrun::input_error("end is not after start: no frame lies between; set end higher, or 0 for all");
    listing_options options;
    options.recursive = recursive;
    options.videos = videos;
    options.root_names = path.empty();
    options.run_directory = context.out;
    options.stop = context.stop_requested;
    stop_ = context.stop_requested;
    listing_ = list_files(path.empty() ? paths : std::vector<std::string>{path}, options);
    at_ = 0;
    if (context.log) log_listing(context);
  }

  // 0, not known, where there are videos: how many frames those have shows when they are read.
  std::uint64_t total() const {
    bool any = std::any_of(listing_.files.begin(), listing_.files.end(),
                           [](const found_file& f) { return f.kind == file_kind::video; });
    return videos && any ? 0 : listing_.files.size();
  }

  bool next(media_ref& ref) {
    if (at_ == listing_.files.size()) return false;
    ref.file = &listing_.files[at_++];
    ref.key = ref.file->key;
    input_file file;
    struct stat status {};
    std::string beginning;
    if (ref.file->problem.empty() && file.open(ref.file->path) == 0) {
      status = file.status();
      if (file.read(beginning, header_bytes) == 0) ref.bytes = decoded_bytes(beginning, limits());
      ref.sequence = videos && kind_of(beginning.substr(0, kind_bytes)) == file_kind::video;
    } else if (status_of(ref.file->path, status) != 0) {
      ::lstat(ref.file->path.c_str(), &status);  // fails too: size and time stay 0
    }
    ref.size = static_cast<std::uint64_t>(status.st_size);
    ref.mtime_ns = modified_ns(status);
    return true;
  }

  flowrun::image load(const media_ref& ref) const {
    if (!ref.file->problem.empty()) throw std::runtime_error(ref.file->problem);
    std::string content = content_of(*ref.file);
    return decode_image(content, limits());
  }

  std::unique_ptr<video_frames> read(const media_ref& ref) const {
    const found_file& found = *ref.file;
    input_file file;
    if (int error = file.open(found.path)) fail(found, error);
    video_options options;
    options.every_nth = every_nth;
    options.max_frames = max_frames;
    options.start = start;
    options.end = end;
    options.max_pixels = static_cast<std::uint64_t>(max_pixels);
    options.max_side = max_side;
    return std::make_unique<video_frames>(found.path, options, stop_, [this, &found] { check_root(found); });
  }

 private:
  decode_limits limits() const { return {max_pixels, max_side}; }

  std::string content_of(const found_file& found) const {
    input_file file;
    if (int error = file.open(found.path)) fail(found, error);
    auto size = static_cast<std::uint64_t>(file.status().st_size);
    std::string content;
    if (int error = file.read(content, std::min<std::uint64_t>(size, header_bytes))) fail(found, error);
    std::string problem = videos ? why_not_read(found.path, content) : why_not_a_picture(found.path, content);
    if (!problem.empty()) throw std::runtime_error(problem);
    // Twice the bytes of the largest picture that is read, 16-bit colour with alpha, and room for what else is in a
    // file; the decoder counts in int.
    std::uint64_t most = std::min<std::uint64_t>(static_cast<std::uint64_t>(max_pixels) * 16 + (64 << 20),
                                                 std::numeric_limits<int>::max());
    if (size > most)
      throw std::runtime_error("is " + std::to_string(size) + " bytes long; a picture may have " +
                               std::to_string(most) + " at max_pixels " + std::to_string(max_pixels));
    if (int error = file.read(content, size)) fail(found, error);
    return content;
  }

  // One file that cannot be read is that item's matter, unless its root is gone: then so are all the others.
  [[noreturn]] void fail(const found_file& found, int error) const {
    check_root(found);
    if (error == ENOENT || error == ENOTDIR)
      throw std::runtime_error("is gone: it was there when the folder was listed");
    if (error == EINVAL) throw std::runtime_error("is no regular file any more");
    throw std::runtime_error(std::string("cannot be read: ") + std::strerror(error));
  }

  void check_root(const found_file& found) const {
    const root_folder& root = listing_.roots[found.root];
    struct stat status {};
    int root_error = status_of(root.path, status);
    if (root_error != 0)
      throw flowrun::run_error("the folder '" + root.path + "' is gone: " + std::strerror(root_error));
    if (status.st_dev != root.device)
      throw flowrun::run_error("the folder '" + root.path +
                               "' is on another disk than when it was listed; mount the first one and run again");
  }

  void log_listing(const flowrun::stage_context& context) const {
    std::string passed_over;
    auto count = [&passed_over](std::uint64_t n, const char* one, const char* many) {
      if (n > 0) passed_over += (passed_over.empty() ? "" : ", ") + std::to_string(n) + " " + (n == 1 ? one : many);
    };
    if (videos)
      count(listing_.other_files, "file that is no picture or video", "files that are no pictures or videos");
    else
      count(listing_.other_files, "file that is no picture", "files that are no pictures");
    count(listing_.folders, "folder (recursive is off)", "folders (recursive is off)");
    count(listing_.special_files, "pipe, socket or device", "pipes, sockets or devices");
    if (!passed_over.empty()) passed_over = "; passed over: " + passed_over;
    if (listing_.files.empty())
      context.log(flowrun::log_level::warning,
                  std::string("found no pictures") + (videos ? " or videos" : "") + passed_over);
    else
      context.log(flowrun::log_level::info, "found " + std::to_string(listing_.files.size()) + " files" + passed_over);
    for (const std::string& link : listing_.loops)
      context.log(flowrun::log_level::warning, "passed over '" + link + "': it leads to a folder it lies in");
    for (const std::string& folder : listing_.own)
      context.log(flowrun::log_level::info, "passed over '" + folder + "': it is this run's own directory");
  }

  std::function<bool()> stop_;
  file_listing listing_;
  std::size_t at_ = 0;
};

}  // namespace media

// OpenCV runs on the same cores as the stages; threads of its own inside a call only get in the way.
FLOWRUN_PROCESS_SETUP(options) {
  cv::setNumThreads(1);
  av_log_set_level(AV_LOG_QUIET);  // what matters is in the items' errors
}

FLOWRUN_PLUGIN("media", "0.1.0", media::files)
