"""Bad input: each picture that cannot be one is a failed item with its sentence; the run goes on around it."""
import os
import struct

from flowrun_runs import RunTest, jpeg_header, main, make_photos, png, read_report, records

GRAPH = """flowrun: 1
params: {input: photos}
run: {out: run}
stages:
  media: {use: media.files, params: {path: "${input}", recursive: true}}
  mark:  {use: probe.mark, in: media}
export: {jsonl: results.jsonl}
"""


class BadMedia(RunTest):
    def setUp(self):
        super().setUp()
        self.write("g.yaml", GRAPH)

    def run_failing(self, files, good=3):
        """Runs `files` (name: content) beside good pictures; gives the reason of each that failed."""
        make_photos(self.at("photos"), good)
        for name, content in files.items():
            self.write("photos/" + name, content)
        done = self.expect(3, "g.yaml")
        r = self.balanced()
        self.assertEqual((r["done"], r["failed"]), (good, len(files)), done)
        # libpng says its own word on stderr before ours.
        self.assertEqual(done.err.splitlines()[-1], "flowrun: %d of %d items failed" % (len(files), good + len(files)))
        errors = self.expect(0, "errors", "run").out
        told = {}
        for line in errors.splitlines():
            item, stage, reason = line.split("\t")
            self.assertEqual(stage, "media", line)
            told[item] = reason
        return told

    def test_damaged_files(self):
        whole = png(16, 16, 7)
        broken = bytearray(whole)
        broken[whole.index(b"IDAT") + 8] ^= 0xff
        told = self.run_failing({
            "zero.jpg": b"",
            "text.jpg": b"this is a letter, not a picture\n" * 4,
            "cut.jpg": jpeg_header(64, 48),
            "short.jpg": b"\xff\xd8\xff",
            "cut.png": whole[:-20],
        })
        self.assertEqual(told, {
            "zero.jpg": "is empty",
            "text.jpg": "is named .jpg but holds text",
            "cut.jpg": "is cut off: the file ends before the picture does",
            "short.jpg": "ends inside its header: the file is cut off",
            "cut.png": "is cut off: the file ends before the picture does",
        })

    def test_huge_headers(self):
        told = self.run_failing({
            "a.png": png(claim=(60000, 60000)), "b.png": png(claim=(20000, 20000)),
            "c.jpg": jpeg_header(60000, 60000), "d.jpg": jpeg_header(20000, 20000),
            "e.png": png(claim=(0xffffffff, 0xffffffff)), "f.png": png(claim=(0, 7)),
        })
        limit = "more than max_pixels (200000000); to read it set max_pixels higher"
        self.assertEqual({k: told[k] for k in "a.png b.png c.jpg d.jpg".split()}, {
            "a.png": "is 60000 x 60000 px, that is 3600000000 pixels, " + limit,
            "b.png": "is 20000 x 20000 px, that is 400000000 pixels, " + limit,
            "c.jpg": "is 60000 x 60000 px, that is 3600000000 pixels, " + limit,
            "d.jpg": "is 20000 x 20000 px, that is 400000000 pixels, " + limit,
        })
        self.assertLess(read_report(self.at("run"))["peak_ram"], 1 << 20)

    def test_a_header_that_lies_within_the_limit(self):
        told = self.run_failing({"lie.png": png(4, 4, 7, claim=(3000, 3000))})
        self.assertEqual(list(told), ["lie.png"])

    def test_links(self):
        make_photos(self.at("photos"), 2)
        make_photos(self.at("elsewhere"), 1, first=50)
        os.symlink("nothing.jpg", self.at("photos/dangling.jpg"))
        os.symlink("self.jpg", self.at("photos/self.jpg"))
        os.symlink("nothing", self.at("photos/dangling"))
        os.symlink("../elsewhere", self.at("photos/linked"))
        os.symlink("..", self.at("elsewhere/up"))
        os.symlink(".", self.at("photos/loop"))
        os.symlink("../photos", self.at("elsewhere/back"))
        self.write("photos/sub/deep.png", png(value=5))
        os.symlink("..", self.at("photos/sub/loop"))
        self.expect(3, "g.yaml")
        r = self.balanced()
        self.assertEqual((r["done"], r["failed"]), (4, 2), r)
        self.assertEqual(self.expect(0, "errors", "run").out,
                         "dangling.jpg\tmedia\tis a link to nothing\n"
                         "self.jpg\tmedia\tis a link that leads back to itself\n")
        self.assertEqual(sorted(records(self.at("run"))), [
            "dangling.jpg", "linked/p050.png", "p000.png", "p001.png", "self.jpg", "sub/deep.png"])

    def test_names_in_any_bytes(self):
        os.mkdir(self.at("photos"))
        names = [b"\xff\xfe.png", b"new\nline.png", b"tab\t.png", b"quo\"te'.png", b"100%.png", b"%41.png",
                 b"a\\b.png", b" lead.png", b"-o.png", b"\x1b[31m.png", "\u00fc\u00e4.png".encode(),
                 "u\u0308.png".encode(), b"x" * 251 + b".png", b"\xed\xa0\x80.png", b"\x7f.png", b"{key}.png",
                 b"$HOME.png", b"*.png"]
        for i, name in enumerate(names):
            with open(os.path.join(os.fsencode(self.at("photos")), name), "wb") as f:
                f.write(png(value=i + 1))
        with open(os.path.join(os.fsencode(self.at("photos")), b"bad\n\xff\x1b[31m.png"), "wb") as f:
            f.write(b"")
        done = self.expect(3, "g.yaml")
        r = self.balanced()
        self.assertEqual((r["done"], r["failed"]), (len(names), 1), r)
        # No control character of a name reaches the terminal, and a failed one is told in one line.
        self.assertNotIn("\x1b", done.out + done.err)
        self.assertIn("failed: bad%0A%FF%1B[31m.png: media: is empty\n", done.out)
        listed = self.expect(0, "errors", "run").out
        self.assertEqual(listed, "bad%0A%FF%1B[31m.png\tmedia\tis empty\n")
        told = records(self.at("run"))
        self.assertEqual(len(told), len(names) + 1)
        for shown, name in (("%FF%FE.png", b"\xff\xfe.png"), ("100%25.png", b"100%.png"), ("%2541.png", b"%41.png"),
                            ("\u00fc\u00e4.png", None), ("%ED%A0%80.png", None)):
            self.assertIn(shown, told, name)
        # All are known again.
        self.expect(0, "g.yaml")
        self.assertEqual(read_report(self.at("run"))["already"], len(names) + 1)

    def test_empty_and_missing_folder(self):
        os.mkdir(self.at("photos"))
        done = self.expect(0, "g.yaml")
        self.assertIn("warning: the sources found no item\n", done.out)
        self.assertEqual(records(self.at("run")), {})
        self.write("photos/letter.txt", "no picture")
        self.assertIn("warning: the sources found no item\n", self.expect(0, "g.yaml").out)
        done = self.expect(64, "g.yaml", "--set", "input=fotos")
        self.assertEqual(done.err, "flowrun: stage 'media': the path 'fotos' does not exist (seen from %s); give a "
                                   "folder, a file or a pattern such as 'photos/*.jpg'\n" % os.path.realpath(self.place))

    def test_only_bad_ones(self):
        os.mkdir(self.at("photos"))
        for i in range(4):
            self.write("photos/%d.jpg" % i, b"")
        done = self.expect(4, "g.yaml", "--set", "run.max_error_rate=50%")
        self.assertEqual(done.err, "flowrun: 4 of 4 items failed, more than max_error_rate allows\n")

    def test_special_files(self):
        make_photos(self.at("photos"), 1)
        os.mkfifo(self.at("photos/pipe.jpg"))
        self.expect(0, "g.yaml", timeout=20)
        self.assertEqual(list(records(self.at("run"))), ["p000.png"])

    def test_a_damaged_picture_of_each_byte(self):
        """One byte changed at a time: whatever it makes of it, an item ends and nothing crashes."""
        os.mkdir(self.at("photos"))
        whole = png(8, 8, 9)
        for i in range(len(whole)):
            self.write("photos/%03d.png" % i, whole[:i] + bytes([whole[i] ^ 0x55]) + whole[i + 1:])
            self.write("photos/cut%03d.png" % i, whole[:i])
        done = self.expect(3, "g.yaml")
        r = self.balanced()
        self.assertEqual(r["read"], 2 * len(whole), done)


if __name__ == "__main__":
    main()
