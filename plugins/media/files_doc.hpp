// What media.files says about itself; its page is made of it.
#pragma once

namespace media {

constexpr auto files_doc = R"(Still pictures and the frames of videos, told by content, as upright 8-bit BGR.

Pictures are JPEG, PNG, WebP, TIFF and BMP; videos MP4/MOV, Matroska/WebM, AVI, MPEG, Ogg, FLV, ASF, GIF and others.

Everything is listed once, at the start. Items are in the order of their keys' bytes, a video's frames in that of
their times. `path`, `paths`, `recursive` and the other params that say which items there are are no part of a
result's fingerprint: another spelling of the folder, or a moved folder, keeps the results.

Which files:

- A file that is named like a picture (.jpg .jpeg .png .webp .tif .tiff .bmp) or a video and is none, or that cannot
  be read, is a failed item. Other files are passed over and counted in log.txt.
- Paths are relative to the working directory. What exists under its literal name is taken literally, brackets and
  all; a leading dot of a name is matched by a dot only.
- Links to files and folders are followed; a link to a folder it lies in is passed over, with a warning in log.txt.
  Pipes, sockets and devices are never opened. The run's own directory is passed over. A file found twice is one item.
- A missing or unreadable entry, or a pattern that matches nothing, ends the run before it begins (64). An empty
  folder does not.
- If a whole folder vanishes, or its disk is exchanged, during the run, the run stops, resumable (74).

Keys: with `path`, relative to the folder, or to the folder before the first wildcard. With `paths`, they begin with
each folder's name, or with as many of its last folders as it takes for all to differ (`2023/photos/a.jpg`,
`2024/photos/a.jpg`). Names may be any bytes.

Pixels:

- EXIF orientation is applied, of JPEG, PNG, WebP and TIFF. Of several pages the first is read.
- Grey is repeated in three channels; palettes are looked up.
- 16-bit values are divided by 257 and rounded: 0 stays 0, 65535 becomes 255.
- Alpha is blended on white. The fourth byte of a BMP is ignored.
- CMYK is converted by the decoder; colour profiles are not applied.
- A file whose end is missing is an error, not a half-grey picture.
- A JPEG that `max_side` makes smaller is decoded at 1/2, 1/4 or 1/8, the rest is averaging by area.

Videos:

- A frame is an item `clip.mp4#000123`: its position among all frames of the file, from 0, also where `every_nth` or
  `start` leave frames out. Its time is the container's presentation time, less the stream's start; a varying frame
  rate stays as it is.
- The rotation that the file asks for is applied. Frames of another size than the first keep their own.
- 10 bits and more are scaled to 8. Range and matrix (BT.601, 709, 2020) are the stream's; without a tag BT.709 above
  576 rows, else BT.601. HDR (PQ, HLG) is converted like SDR, without tone mapping. Deinterlacing and pixel aspect are
  not applied.
- Only the file itself is opened: playlists and scripts that name other files (m3u8, concat, dash), whatever they are
  called; one that is named like a video is a failed item. Every GIF is a video.
- A file that is cut off gives the frames it has. One without pictures (sound alone) has no items.

An item counts as changed when its size or modification time did. Its memory, for `ram`, is known from the file's
header.)";

}  // namespace media
