#include "file_kind.hpp"

#include <doctest/doctest.h>

#include "made_files.hpp"

using namespace media;
using namespace std::string_literals;

namespace {

// Packets as transport streams have them, `before` bytes in front of each.
std::string packets(std::size_t length, std::size_t before, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += std::string(before, '\1') + "G" + std::string(length - before - 1, '\2');
  return all;
}

}  // namespace

TEST_CASE("containers are told by their first bytes") {
  for (const std::string& video : {"\0\0\0\x18"
                                   "ftypisom\0\0\2\0"s,
                                   "\0\0\0\x14"
                                   "ftypqt  \0\0\2\0"s,
                                   "\0\0\0\x08"
                                   "wide\0\1\2\3mdat"s,
                                   "\x1a\x45\xdf\xa3\x9f\x42\x86\x81"s,
                                   "RIFF\1\2\3\4AVI LIST"s,
                                   "FLV\1\5\0\0\0\x09"s,
                                   "GIF87a\1\0"s,
                                   "GIF89a\1\0"s,
                                   "YUV4MPEG2 W64 H48"s,
                                   "nut/multimedia container\0NM"s,
                                   "DKIF\0\0 \0VP80"s,
                                   "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"s,
                                   "\0\0\1\xba\x44"s,
                                   "\0\0\1\xb3\x10"s,
                                   "\0\0\0\1\x67\x42\xc0\x0a"s,
                                   "\0\0\0\1\x40\1\x0c\1"s,
                                   "OggS\0\2 \x80theora\3"s,
                                   packets(188, 0, 5),
                                   packets(192, 4, 5),
                                   packets(204, 0, 5)}) {
    CAPTURE(video);
    CHECK(kind_of(video) == file_kind::video);
  }
  for (const std::string& sound :
       {"RIFF\1\2\3\4WAVEfmt "s, "ID3\3\0\0"s, "\xff\xfb\x90\x64"s, "fLaC\0\0\0\x22"s, "OggS\0\2 OpusHead"s,
        "\0\0\0\x1c"
        "ftypM4A \0\0\2\0"s}) {
    CAPTURE(sound);
    CHECK(kind_of(sound) == file_kind::sound);
  }
  for (const std::string& other :
       {""s, "\0"s,
        "\0\0\0\x18"
        "ftypheic\0\0\0\0"s,
        "\0\0\0\x1c"
        "ftypavif\0\0\0\0"s,
        "RIFF\1"s, "RIFF\1\2\3\4ACON"s, packets(188, 0, 4), packets(187, 0, 5), "\0\0\0\1\xe7\0\0\0\0"s,
        "\x7f"
        "ELF"s,
        "GIF88a\0"s}) {
    CAPTURE(other);
    CHECK(kind_of(other) == file_kind::other);
  }
  for (const std::string& text : {"words\n"s, "#EXTM3U\n"s, "ffconcat version 1.0\n"s, "G"s + std::string(300, 'x')}) {
    CAPTURE(text);
    CHECK(kind_of(text) == file_kind::text);
  }
  CHECK(kind_of(made::jpeg()) == file_kind::picture);
}

TEST_CASE("the names of videos") {
  CHECK(video_extension("a/b.MP4") == ".mp4");
  CHECK(video_extension("a.gif") == ".gif");
  CHECK(video_extension("code.ts") == "");
  CHECK(video_extension("a.jpg") == "");
  CHECK(video_extension("mp4") == "");
}

TEST_CASE("why a file is not read says what it holds") {
  const std::string videos =
      "a video that flowrun reads (MP4/MOV, Matroska/WebM, AVI, MPEG, Ogg, FLV, ASF/WMV, GIF, Y4M, NUT, IVF, MXF)";
  const std::string noise = "\1\2\3\4", words = "words\n", song = "fLaC\1";
  CHECK(why_not_read("a.jpg", made::jpeg()) == "");
  CHECK(why_not_read("a.jpg", "GIF89a") == "");
  CHECK(why_not_read("a.mp4", made::jpeg()) == "");
  CHECK(why_not_read("a.mp4", "") == "is empty");
  CHECK(why_not_read("a.mp4", words) == "is named .mp4 but holds text");
  CHECK(why_not_read("a.jpg", words) == "is named .jpg but holds text");
  CHECK(why_not_read("a", words) == "holds text, neither a picture nor a video");
  CHECK(why_not_read("a.mp4", song) == "is named .mp4 but holds sound, neither a picture nor a video");
  CHECK(why_not_read("a.flac", song) == "holds sound, neither a picture nor a video");
  CHECK(why_not_read("a.jpg", noise) == "is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)");
  CHECK(why_not_read("a.mp4", noise) == "is not " + videos);
  CHECK(why_not_read("a", noise) == "is neither a picture (JPEG, PNG, WebP, TIFF, BMP) nor " + videos);
}
