#include "video_magic.hpp"

#include <array>
#include <cstdint>

#include "byte_reader.hpp"

namespace media {

using namespace std::string_view_literals;

namespace {

bool begins(std::string_view bytes, std::string_view with) {
  return bytes.substr(0, with.size()) == with;
}

// The ISO family begins with a box: its length, its name. HEIF pictures and raw photos are of that family too.
container iso_media(std::string_view bytes) {
  constexpr std::array quicktime = {"moov"sv, "mdat"sv, "wide"sv, "free"sv, "skip"sv, "pnot"sv};
  constexpr std::array pictures = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "mif1"sv, "avif"sv, "crx "sv, "jp2 "sv};
  constexpr std::array sounds = {"M4A "sv, "M4B "sv, "M4P "sv};
  std::string_view box = bytes.substr(4, 4), brand = bytes.substr(8, 4);
  if (box == "ftyp"sv) {
    for (auto b : pictures)
      if (brand == b) return container::none;
    for (auto b : sounds)
      if (brand == b) return container::sound;
    return container::video;
  }
  for (auto b : quicktime)
    if (box == b) return container::video;
  return container::none;
}

container ogg(std::string_view bytes) {
  for (auto codec : {"\x80theora"sv, "BBCD"sv, "fishead\0"sv, "OVP80"sv})
    if (bytes.find(codec) != std::string_view::npos) return container::video;
  return container::sound;
}

// Packets of one length, each with the same first byte; with a time code before each on Blu-ray and cameras' cards.
bool is_transport_stream(std::string_view bytes) {
  struct layout {
    std::size_t packet, first;
  };
  constexpr std::size_t packets = 5;
  for (layout l : {layout{188, 0}, layout{192, 4}, layout{204, 0}}) {
    std::size_t found = 0;
    while (found < packets && l.first + found * l.packet < bytes.size() && bytes[l.first + found * l.packet] == 'G')
      ++found;
    if (found == packets) return true;
  }
  return false;
}

// MPEG's start codes: a program stream, a sequence of MPEG-1 or -2, H.264 and H.265 as cameras write them.
bool is_mpeg(std::string_view bytes) {
  if (begins(bytes, "\0\0\1\xba"sv) || begins(bytes, "\0\0\1\xb3"sv)) return true;
  if (!begins(bytes, "\0\0\0\1"sv) || bytes.size() < 8) return false;
  constexpr unsigned h264_parameters = 7, h264_delimiter = 9;
  auto unit = static_cast<unsigned char>(bytes[4]);
  bool h265 = (unit == 0x40 || unit == 0x46) && bytes[5] == 1;
  return h265 || (unit < 0x80 && ((unit & 31u) == h264_parameters || (unit & 31u) == h264_delimiter));
}

bool is_mp3_frame(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  auto at = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  bool mpeg_audio = at(0) == 0xff && (at(1) & 0xe6) == 0xe2 && (at(1) & 0x18) != 0x08;  // layer 3
  return mpeg_audio && (at(2) >> 4) != 15 && (at(2) >> 4) != 0 && (at(2) & 0x0c) != 0x0c;
}

}  // namespace

container container_of(std::string_view bytes) {
  if (begins(bytes, "RIFF"sv) && bytes.size() >= 12) {
    std::string_view form = bytes.substr(8, 4);
    return form == "AVI "sv || form == "AVIX"sv ? container::video
           : form == "WAVE"sv                   ? container::sound
                                                : container::none;
  }
  if (begins(bytes, "OggS"sv)) return ogg(bytes);
  for (auto magic :
       {"\x1a\x45\xdf\xa3"sv,  // EBML: Matroska, WebM
        "FLV\1"sv, "GIF87a"sv, "GIF89a"sv, "YUV4MPEG2 "sv, "nut/multimedia container\0"sv, "DKIF\0\0"sv, ".RMF\0\0\0"sv,
        "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"sv,  // ASF, WMV
        "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02"sv})         // MXF
    if (begins(bytes, magic)) return container::video;
  if (is_mpeg(bytes) || is_transport_stream(bytes)) return container::video;
  for (auto magic : {"fLaC"sv, "ID3"sv, "RF64"sv, "FORM"sv, "#!AMR"sv, "caff"sv, "MAC "sv, "wvpk"sv, "TTA1"sv})
    if (begins(bytes, magic)) return container::sound;
  if (is_mp3_frame(bytes)) return container::sound;
  return bytes.size() >= 12 ? iso_media(bytes) : container::none;
}

}  // namespace media
