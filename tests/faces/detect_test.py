"""faces.detect with CenterFace as it is fetched: how many faces are in sample pictures, and that they are found where they
are: 200 in one picture, cut off by its border, in a picture that its EXIF tag turns."""
import os
import shutil
import subprocess

from faces_runs import FacesTest
from flowrun_runs import BUILD, main, png, records

MAKER = BUILD / "test_faces/make_face_pictures"
GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: %s}}
  found: {use: faces.detect, in: media.image}
keep: [found.faces, found.boxes]
export: {jsonl: results.jsonl}
"""
COUNTS = {"messi5.jpg": 1, "facereg.jpg": 4, "baboon.jpg": 0, "fruits.jpg": 0}
EYES, MOUTH = (0, 1), (3, 4)


def box(face):
    return [face[k] for k in ("x", "y", "w", "h")]


def shared(a, b):
    """Their shared area through their joined area."""
    sides = [max(0, min(a[i] + a[i + 2], b[i] + b[i + 2]) - max(a[i], b[i])) for i in (0, 1)]
    both = sides[0] * sides[1]
    return both / (a[2] * a[3] + b[2] * b[3] - both)


class Detect(FacesTest):
    needs = ("centerface",)

    def setUp(self):
        super().setUp()
        os.mkdir(self.at("pictures"))

    def find(self, path="pictures", *words):
        """Of each item the faces and their picture's size."""
        self.write("g.yaml", GRAPH % path)
        self.expect(0, "g.yaml", "--fresh", *words)
        found = {}
        for item, r in records(self.at("run")).items():
            self.assertEqual(r["status"], "done", item)
            found[item] = r["values"]["found.faces"]
            boxes = r["values"]["found.boxes"]
            self.assertEqual([box(f) for f in found[item]["list"]], [box(b) for b in boxes["list"]])
            self.assertEqual((found[item]["width"], found[item]["height"]), (boxes["width"], boxes["height"]))
        return found

    def make(self, *words):
        told = subprocess.run([MAKER, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True, cwd=self.place).stdout
        return [[float(v) for v in line.split()] for line in told.splitlines()]

    def test_sample_pictures(self):
        """All by one network: the answers to one picture do not depend on the size of the one before."""
        for name in COUNTS:
            shutil.copy(self.sample(name), self.at("pictures", name))
        self.write("pictures/grey.png", png(700, 300, 130))
        self.write("pictures/dot.png", png(1, 1, 130))
        self.write("pictures/long.png", png(20000, 50, 130))
        found = self.find("pictures", "--set", "found.lanes=1")
        counts = {item: len(f["list"]) for item, f in found.items()}
        print(counts)
        self.assertEqual(counts, {**COUNTS, "grey.png": 0, "dot.png": 0, "long.png": 0})
        self.assertEqual(len({(f["width"], f["height"]) for f in found.values()}), 7)
        for name in ("messi5.jpg", "facereg.jpg"):
            scores = [f["score"] for f in found[name]["list"]]
            self.assertEqual(scores, sorted(scores, reverse=True))
            for face in found[name]["list"]:
                points = list(zip(face["landmarks"][0::2], face["landmarks"][1::2]))
                x, y, w, h = box(face)
                for px, py in points:
                    self.assertTrue(x < px < x + w and y < py < y + h, (name, face))
                for left, right in (EYES, MOUTH):
                    self.assertLess(points[left][0], points[right][0])
                for eye in EYES:
                    for corner in MOUTH:
                        self.assertLess(points[eye][1], points[corner][1])
        again = self.find("pictures", "--set", "found.lanes=2")
        self.assertEqual(again, found)

    def test_a_frame_of_a_video(self):
        path = "%s, every_nth: 60, max_frames: 2" % self.sample("Megamind.avi")
        found = self.find(path)
        [frame] = [f for item, f in found.items() if item.endswith("#000060")]
        self.assertEqual(len(frame["list"]), 2)

    def known_faces(self):
        """Those of two sample pictures: a file and its faces' boxes."""
        for name in ("messi5.jpg", "facereg.jpg"):
            shutil.copy(self.sample(name), self.at("pictures", name))
        return {name: [box(f) for f in f["list"]] for name, f in self.find().items()}

    def start_again(self):
        shutil.rmtree(self.at("pictures"))
        os.mkdir(self.at("pictures"))

    def test_two_hundred_faces_in_a_picture(self):
        known = self.known_faces()
        words = [w for name, boxes in known.items() for b in boxes for w in (self.sample(name), *b)]
        self.start_again()
        truth = self.make("crowd", 200, "pictures/crowd.png", *words)
        self.assertEqual(len(truth), 200)
        found = self.find()["crowd.png"]
        scale = 640 / max(found["width"], found["height"])
        self.assertGreaterEqual(min(min(w, h) for _, _, w, h in truth) * scale, 24)
        faces = [box(f) for f in found["list"]]
        seen = sum(any(shared(t, f) >= 0.5 for f in faces) for t in truth)
        false = sum(not any(shared(t, f) >= 0.5 for t in truth) for f in faces)
        print("%d of %d faces of %.0f px and more were found, and %d others" % (
            seen, len(truth), min(min(w, h) for _, _, w, h in truth) * scale, false))
        self.assertGreaterEqual(seen, 180)
        self.assertLessEqual(false, 10)

    def test_faces_at_borders(self):
        known = self.known_faces()
        self.start_again()
        truth = {}
        for name in known:
            for side in ("left", "top", "right", "bottom"):
                made = "%s-%s.png" % (name, side)
                [truth[made]] = self.make("border", side, "pictures/" + made, self.sample(name), *known[name][0])
        found = self.find("pictures", "--set", "found.params.min_size=16")  # what is left of the smallest is 22 px wide
        for item, expected in truth.items():
            best = max((shared(expected, box(f)) for f in found[item]["list"]), default=0)
            print(item, "shares %.2f" % best)
            self.assertGreaterEqual(best, 0.5, item)

    def test_a_picture_turned_by_exif(self):
        self.make("turned", "pictures/upright.jpg", "pictures/turned.jpg", self.sample("facereg.jpg"))
        found = self.find()
        upright, turned = found["upright.jpg"], found["turned.jpg"]
        self.assertEqual((upright["width"], upright["height"]), (turned["width"], turned["height"]))
        self.assertEqual(len(upright["list"]), 4)
        self.assertEqual(len(turned["list"]), 4)
        for face in upright["list"]:
            near = max(turned["list"], key=lambda other: shared(box(face), box(other)))
            for a, b in zip(box(face) + face["landmarks"], box(near) + near["landmarks"]):
                self.assertAlmostEqual(a, b, delta=1.5)


if __name__ == "__main__":
    main()
