// What is no video, what names other files, and damaged ones: refused in a sentence, never opened, never a crash.
#include <doctest/doctest.h>

#include <stdexcept>

#include "file_kind.hpp"
#include "made_files.hpp"
#include "made_videos.hpp"
#include "video_reader.hpp"

using namespace media;
using namespace std::string_literals;

namespace {

const std::string formats = "MP4/MOV, Matroska/WebM, AVI, MPEG, Ogg, FLV, ASF/WMV, GIF, Y4M, NUT, IVF, MXF";

// The error's text, or the number of frames.
std::string outcome(const std::string& path) {
  try {
    video_reader reader(path, {}, {});
    std::size_t frames = 0;
    for (; reader.next(); ++frames) reader.load();
    return std::to_string(frames);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
}

std::string not_used(const std::string& demuxer) {
  return "is read by FFmpeg's demuxer '" + demuxer + "', which flowrun does not use; it reads videos of " + formats;
}

}  // namespace

TEST_CASE("playlists and scripts open nothing, whatever they are called") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v mpeg4 '" + t.at("secret.ts") + "'");
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v mpeg4 '" + t.at("secret.mp4") + "'");
  std::string hls =
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.2,\n" + t.at("secret.ts") + "\n#EXT-X-ENDLIST\n";
  std::string script = "ffconcat version 1.0\nfile '" + t.at("secret.mp4") + "'\n";
  std::string dash =
      "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
      "mediaPresentationDuration=\"PT0.2S\" profiles=\"urn:mpeg:dash:profile:isoff-main:2011\"><Period><AdaptationSet "
      "mimeType=\"video/mp4\"><Representation id=\"1\" bandwidth=\"1\"><BaseURL>" +
      t.at("secret.mp4") + "</BaseURL></Representation></AdaptationSet></Period></MPD>\n";
  std::string description = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n";
  for (const char* name : {"a.m3u8", "a.mp4", "a.mkv", "a"}) {
    CAPTURE(name);
    CHECK(outcome(t.write(name, hls)) == not_used("hls"));
    CHECK(outcome(t.write(name, script)) == not_used("concat"));
    CHECK(outcome(t.write(name, dash)) == not_used("dash"));
    CHECK(outcome(t.write(name, description)) == not_used("sdp"));
    CHECK(kind_of(made::file_content(t.at(name))) == file_kind::text);
  }
  // ffmpeg itself does read through them: the files above are what they seem.
  t.write("a.m3u8", hls);
  t.write("a.ffconcat", script);
  CHECK(made::output_of("ffprobe -v quiet -count_frames -show_entries stream=nb_read_frames -of csv=p=0 '" +
                        t.at("a.m3u8") + "'")
            .substr(0, 1) == "5");
  CHECK(made::output_of("ffprobe -v quiet -safe 0 -count_frames -show_entries stream=nb_read_frames -of csv=p=0 '" +
                        t.at("a.ffconcat") + "'")
            .substr(0, 1) == "5");
}

TEST_CASE("an MOV whose data is said to lie elsewhere is read from the file itself") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v mjpeg '" + t.at("whole.mov") + "'");
  std::string bytes = made::file_content(t.at("whole.mov"));
  std::size_t at = bytes.find("url \0\0\0\1"s);
  REQUIRE(at != std::string::npos);
  bytes[at + 7] = 0;  // the flag "in this file"
  CHECK(outcome(t.write("referring.mov", bytes)) == "5");
}

TEST_CASE("what is no video is refused in a sentence") {
  made::temporary_folder t;
  CHECK(outcome(t.write("a.mp4", "")) == "is empty");
  CHECK(outcome(t.write("a.mp4", "these are words, not a video\n")) ==
        "cannot be opened as 'mov' (Invalid data found when processing input): the file is cut off or damaged");
  CHECK(outcome(t.write("a.bin", "\1\2\3\4\5\6\7\x8"s)) == "is no video that flowrun reads (" + formats + ")");
  CHECK(outcome(t.write("a.jpg", made::jpeg())) == not_used("jpeg_pipe"));
  CHECK(outcome(t.write("a.mp4", made::jpeg())) == not_used("jpeg_pipe"));
  CHECK(outcome(t.write("img%03d.png", made::encoded(".png", made::picture(8, 8)))) == not_used("image2"));
  CHECK(outcome(t.at("nowhere.mp4")) == "does not exist");
  CHECK(outcome(t.path()) == "is no regular file");
}

TEST_CASE("an address is no path: nothing is fetched") {
  for (const char* name : {"http://127.0.0.1:9/a.mp4", "concat:a.ts|b.ts", "file:/etc/passwd", "data:,x", "pipe:0"})
    CHECK(outcome(name) == "does not exist");
}

TEST_CASE("a codec that FFmpeg does not know, and data that is none") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v libx264 -preset ultrafast '" + t.at("a.mp4") + "'");
  std::string bytes = made::file_content(t.at("a.mp4"));
  std::string strange = bytes;
  strange.replace(strange.find("avc1", strange.find("stsd")), 4, "zzzz");
  CHECK(outcome(t.write("strange.mp4", strange)) ==
        "holds video of the codec 'none' (tag 'zzzz'), which this FFmpeg does not decode");
  std::size_t data = bytes.find("mdat") + 4, size = bytes.find("moov") - 4 - data;
  CHECK(outcome(t.write("noise.mp4", bytes.replace(data, size, std::string(size, '\x81')))) ==
        "has no frame that can be decoded (h264: Invalid data found when processing input): the file is damaged");
}

TEST_CASE("bytes changed and files cut anywhere never crash") {
  made::temporary_folder t;
  struct video {
    const char *name, *codec;
  };
  unsigned random = 1;
  auto next = [&random] { return (random = random * 1664525u + 1013904223u) >> 8; };
  std::size_t frames = 0, refused = 0;
  for (video v : {video{"a.mp4", "libx264 -preset ultrafast"}, video{"a.mkv", "mpeg4"}, video{"a.avi", "mjpeg"},
                  video{"a.ts", "mpeg2video"}, video{"a.gif", "gif"}, video{"a.ogv", "libtheora"},
                  video{"a.flv", "flv"}, video{"a.webm", "libvpx -deadline realtime"}}) {
    made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v "s + v.codec + " '" + t.at(v.name) + "'");
    const std::string whole = made::file_content(t.at(v.name));
    for (int i = 0; i < 40; ++i) {
      std::string bytes = whole;
      if (i % 4 == 0) bytes.resize(next() % whole.size() + 1);
      for (unsigned n = next() % 12; n > 0; --n) bytes[next() % bytes.size()] = static_cast<char>(next());
      std::string told = outcome(t.write("bad-"s + v.name, bytes));
      CAPTURE(told);
      CHECK(!told.empty());
      if (told.find_first_not_of("0123456789") == std::string::npos)
        frames += std::stoul(told);
      else
        ++refused;
    }
  }
  CHECK(frames > 500);
  CHECK(refused > 10);
}
