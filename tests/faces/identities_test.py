"""Who is in pictures, from pixels to identities, with the real networks: known people in ten pictures each are told apart,
what is interrupted ends with the same identities, and what is added later leaves their numbers alone."""
import collections
import os
import pathlib
import shutil
import subprocess

from faces_runs import FacesTest
from flowrun_runs import BUILD, SOURCE, finish, main, read_report, records, start, wait_for

MAKE_PEOPLE, MAKE_PICTURES = (BUILD / "test_faces" / name for name in ("make_people", "make_face_pictures"))
DETECT = """flowrun: 1
run: {out: seen}
stages:
  media: {use: media.files, params: {path: given, every_nth: 60, max_frames: 2}}
  copy: {use: image.write, in: media.image, params: {path: "{key}", format: png}}
  found: {use: faces.detect, in: media.image}
keep: [found.faces]
export: {jsonl: results.jsonl}
"""
GRAPH = SOURCE / "graphs/identities.yaml"
CROWD = """flowrun: 1
run: {out: crowd}
stages:
  media: {use: media.files, params: {path: crowded}}
  found: {use: faces.detect, in: media.image}
  vectors: {use: faces.embed, in: {image: media.image, faces: found.faces}}
keep: [vectors]
export: {jsonl: results.jsonl}
"""


def pairs(counts):
    return sum(n * (n - 1) / 2 for n in counts)


def adjusted_rand(a, b):
    """Of two lists of labels of the same things: 1 where they agree, about 0 where they do by chance."""
    both, of_a, of_b = (pairs(collections.Counter(x).values()) for x in (zip(a, b), a, b))
    expected, most = of_a * of_b / pairs([len(a)]), (of_a + of_b) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


class Identities(FacesTest):
    def setUp(self):
        super().setUp()
        os.makedirs(self.at("given"))
        for name in ("messi5.jpg", "facereg.jpg", "Megamind.avi"):
            shutil.copy(self.sample(name), self.at("given"))
        self.write("detect.yaml", DETECT)
        self.expect(0, "detect.yaml")
        faces = []
        for item, record in sorted(records(self.at("seen")).items()):
            for i, f in enumerate(record["values"]["found.faces"]["list"]):
                name = "%s%d" % (item.partition(".")[0] + item.partition("#")[2], i)
                file = pathlib.Path(self.at("seen/copy")) / (item + ".png")
                faces.append("%s %r %r %r %r %s" % (name, f["x"], f["y"], f["w"], f["h"], file))
        self.write("people.txt", "\n".join(faces) + "\n")
        self.people = len(faces)
        os.makedirs(self.at("photos"))
        subprocess.run([MAKE_PEOPLE, self.at("people.txt"), self.at("photos")], check=True)

    def identify(self, *words, rc=0):
        return self.expect(rc, GRAPH, "--set", "input=photos", "-o", "run", *words)

    def seen(self):
        """{picture: the identities of its faces}"""
        return {item: [m["identity"] for m in r["values"]["who"]["list"]] for item, r in records(self.at("run")).items()}

    def main_faces(self):
        """([who was put into the picture], [identity of its largest face], pictures without a face)"""
        truth, found, none = [], [], 0
        for item, r in sorted(records(self.at("run")).items()):
            faces = r["values"]["found.faces"]["list"]
            if not faces:
                none += 1
                continue
            # The face that was cut out is the one in the middle.
            middle = min(range(len(faces)), key=lambda i: abs(faces[i]["x"] + faces[i]["w"] / 2 - 320) +
                         abs(faces[i]["y"] + faces[i]["h"] / 2 - 320))
            truth.append(item.partition("_")[0])
            found.append(r["values"]["who"]["list"][middle]["identity"])
        return truth, found, none

    def test_people_are_told_apart(self):
        self.identify()
        truth, found, none = self.main_faces()
        index = adjusted_rand(truth, found)
        print("%d people, %d pictures, %d without a face, %d faces in no identity, adjusted Rand %.4f" %
              (self.people, len(truth) + none, none, found.count(-1), index))
        self.assertGreaterEqual(index, 0.95)
        of = collections.defaultdict(set)
        for person, identity in zip(truth, found):
            if identity >= 0:
                of[identity].add(person)
        self.assertEqual({i: p for i, p in of.items() if len(p) > 1}, {}, "two people in one identity")

    def test_the_faces_of_one_picture_span_batches(self):
        words = []
        for line in pathlib.Path(self.at("people.txt")).read_text().splitlines():
            _, x, y, w, h, file = line.split(" ", 5)
            words += [file, x, y, w, h]
        os.mkdir(self.at("crowded"))
        subprocess.run([MAKE_PICTURES, "crowd", "200", self.at("crowded/crowd.png"), *words], stdout=subprocess.DEVNULL,
                       check=True)
        self.write("crowd.yaml", CROWD)
        seen = []
        for batch in (16, 7):
            self.expect(0, "crowd.yaml", "--fresh", "--set", "vectors.batch=%d" % batch)
            stage, = [s for s in read_report(self.at("crowd"))["stages"] if s["name"] == "vectors"]
            seen.append(records(self.at("crowd"))["crowd.png"]["values"]["vectors"]["list"])
            self.assertGreaterEqual(len(seen[-1]), 180)
            self.assertEqual((stage["rows"], stage["batches"]), (len(seen[-1]), -(-len(seen[-1]) // batch)))
        difference = max(abs(a - b) for f, g in zip(*seen, strict=True) for a, b in zip(f["vector"], g["vector"], strict=True))
        print("%d faces of one picture; the vectors in batches of 16 and 7 differ by at most %.2g" % (len(seen[0]), difference))
        self.assertLess(difference, 1e-5)

    def test_interrupted_it_ends_with_the_same_identities(self):
        self.identify()
        whole = self.seen()
        shutil.rmtree(self.at("run"))
        for committed in (1, 20, 45):
            process = start(GRAPH, "--set", "input=photos", "-o", "run", "--models", self.models, cwd=self.place, env=self.env)
            wait_for(lambda: self.committed("run") >= committed or process.poll() is not None, "items")
            process.kill()
            finish(process)
        self.identify()
        self.assertEqual(self.seen(), whole)

    def test_more_pictures_keep_the_numbers(self):
        later = sorted(os.listdir(self.at("photos")))[-20:]
        os.makedirs(self.at("later"))
        for name in later:
            os.rename(self.at("photos/" + name), self.at("later/" + name))
        self.identify()
        before = self.seen()
        for name in later:
            os.rename(self.at("later/" + name), self.at("photos/" + name))
        self.identify()
        after = self.seen()
        self.assertEqual(len(after), len(before) + len(later))
        kept = [(a, b) for item, ids in before.items() for a, b in zip(ids, after[item]) if a >= 0]
        self.assertGreater(len(kept), 30)
        self.assertEqual([pair for pair in kept if pair[0] != pair[1] and pair[1] >= 0], [])

    def test_clustered_again_without_networks(self):
        self.identify("--set", "least=8")
        wanted = self.seen()
        self.identify("--fresh")
        for name in os.listdir(self.at("photos")):
            self.write("photos/" + name, "")  # to link to; nobody can read a picture of it
        done = self.run_it("gather", "run", "who", "--set", "min_cluster_size=8")
        self.assertEqual(done.rc, 0, done)
        self.assertIn("gather who: %d rows in" % (10 * self.people), done.out + done.err)
        found = self.seen()
        self.assertEqual({item: len(ids) for item, ids in found.items()}, {item: len(ids) for item, ids in wanted.items()})
        rows = [[i for item in sorted(ids) for i in ids[item]] for ids in (wanted, found)]
        self.assertEqual(adjusted_rand(*rows), 1)


if __name__ == "__main__":
    main()
