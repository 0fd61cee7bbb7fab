"""faces.cluster in whole runs: interrupted anywhere and gone on with, with pictures added, and again alone."""
import json
import os
import random
import shutil
import signal
import time

from flowrun_runs import RunTest, canonical, finish, lines, main, read_report, start, wait_for

GRAPH = """flowrun: 1
run: {out: run, in_flight: 4}
stages:
  faces: {use: made_faces.files, params: {path: ../pictures, note: read.txt, sleep_us: 8000}}
  who:   {use: faces.cluster, in: faces}
keep: [faces, who]
export: {jsonl: results.jsonl}
"""
PEOPLE, DIMS = 6, 8


class Identities(RunTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(5)
        self.shown = {}  # by picture: whose face each is
        self.add_pictures(0, 60)
        self.write("pictures/none.txt", "")
        self.begin("whole")

    def add_pictures(self, first, count, people=PEOPLE, folder="pictures"):
        """Two people each, and a stranger in every fourth. Those added later lie between the earlier ones."""
        for i in range(first, first + count):
            name = "%02d-%02d.txt" % (i % 20, i)
            one = i % people
            other = (one + 1 + i // people % (people - 1)) % people
            self.shown[name] = [one, other] + ([None] if i % 4 == 0 else [])
            self.write(folder + "/" + name, "".join(self.face(who) for who in self.shown[name]))

    def face(self, who):
        spread = 0.3 if who is not None else 30
        vector = [self.random.gauss(10 if k == who else 0, spread) for k in range(DIMS)]
        return "1 " + " ".join("%.6f" % x for x in vector) + "\n"

    def begin(self, name):
        self.here = self.at(name)
        os.mkdir(self.here)
        with open(os.path.join(self.here, "g.yaml"), "w", encoding="utf-8") as f:
            f.write(GRAPH)

    def go(self, rc, *words):
        done = finish(start(*words, cwd=self.here))
        self.assertEqual(done.rc, rc, done)
        return done

    def read_so_far(self):
        return len(lines(os.path.join(self.here, "read.txt")))

    def identities(self):
        """By picture: the identity of each of its faces."""
        with open(os.path.join(self.here, "run/results.jsonl"), encoding="utf-8") as f:
            all_records = [json.loads(line) for line in f]
        return {r["item"]: [m["identity"] for m in r["values"]["who"]["list"]] for r in all_records}

    def people(self):
        """By person: the identities that their faces were given."""
        found = {}
        for picture, ids in self.identities().items():
            self.assertEqual(len(ids), len(self.shown.get(picture, [])))
            for who, identity in zip(self.shown.get(picture, []), ids):
                found.setdefault(who, set()).add(identity)
        return found

    def test_everybody_is_found(self):
        self.go(0, "g.yaml")
        people = self.people()
        self.assertEqual(people.pop(None), {-1})
        self.assertEqual(sorted(people.values(), key=min), [{i} for i in range(len(people))])
        self.assertEqual(self.identities()["none.txt"], [])

    def test_interrupted_anywhere(self):
        """Killed and stopped while the pictures are read, first in a new directory and then in one that grows."""
        self.go(0, "g.yaml")
        first = canonical(os.path.join(self.here, "run"))
        ways = [(signal.SIGKILL, 2), (signal.SIGINT, 20), (signal.SIGKILL, 45)]
        for n, (how, after) in enumerate(ways):
            self.begin("first%d" % n)
            self.interrupted(how, after)
            self.assertEqual(canonical(os.path.join(self.here, "run")), first, (how, after))
        old = self.people()
        self.add_pictures(60, 40, people=PEOPLE + 1)  # one more person
        self.here = self.at("whole")
        self.go(0, "g.yaml")
        grown, identities = canonical(os.path.join(self.here, "run")), self.people()
        self.assertEqual({who: identities[who] for who in old}, old)
        self.assertEqual(identities[PEOPLE], {len(old) - 1})  # the next one: of `old`, one is the strangers
        for n, (how, after) in enumerate(ways):
            self.here = self.at("first%d" % n)
            self.interrupted(how, self.read_so_far() + min(after, 25))
            self.assertEqual(canonical(os.path.join(self.here, "run")), grown, (how, after))

    def interrupted(self, how, after):
        process = start("g.yaml", "-j", "2", cwd=self.here)
        self.addCleanup(process.kill)
        wait_for(lambda: self.read_so_far() >= after or process.poll() is not None, "reading")
        process.send_signal(how)
        done = finish(process)
        self.assertEqual(process.returncode, -9 if how == signal.SIGKILL else 75, done)
        self.go(0, "g.yaml")

    def test_killed_at_the_end(self):
        """In the gather, its commit, the exports or when all is done: wherever it happens to be."""
        fast = ("g.yaml", "--set", "faces.params.sleep_us=0")
        self.go(0, *fast)
        shutil.copytree(self.here, self.at("kept"))
        people = self.people()
        os.mkdir(self.at("more"))
        for name in os.listdir(self.at("pictures")):
            os.link(self.at("pictures", name), self.at("more", name))
        self.add_pictures(60, 8, folder="more")
        more = (*fast, "--set", "faces.params.path=../more")
        self.go(0, *more)
        good = canonical(os.path.join(self.here, "run"))
        self.assertEqual(self.people(), people)
        for n in range(8):
            self.here = self.at("late%d" % n)
            shutil.copytree(self.at("kept"), self.here)
            process = start(*more, cwd=self.here)
            self.addCleanup(process.kill)
            wait_for(lambda: self.read_so_far() == 69 or process.poll() is not None, "the last picture")
            time.sleep(0.004 * n)
            process.kill()
            finish(process)
            self.go(0, *more)
            self.assertEqual(canonical(os.path.join(self.here, "run")), good, n)

    def test_again_with_other_params(self):
        self.go(0, "g.yaml")
        people, read = self.people(), self.read_so_far()
        begin = time.monotonic()
        self.go(0, "gather", "run", "who", "--set", "min_cluster_size=8")
        self.assertLess(time.monotonic() - begin, 1)
        self.assertEqual(self.read_so_far(), read)  # no picture was opened
        self.assertEqual(self.people(), people)
        self.go(0, "gather", "run", "who", "--set", "min_cluster_size=50")
        self.assertEqual(set.union(*self.people().values()), {-1})
        # Nobody kept a number, so all are new.
        self.go(0, "gather", "run", "who", "--set", "min_cluster_size=5")
        self.assertEqual({min(ids) for ids in self.people().values()} - {-1},
                         {len(people) - 1 + i for i in range(len(people) - 1)})
        self.go(0, "gather", "run", "who", "--set", "stable=false")
        self.assertEqual(self.people(), people)

    def test_assign(self):
        self.go(0, "g.yaml")
        people = self.people()
        self.add_pictures(60, 12, people=PEOPLE + 1)
        self.go(0, "g.yaml", "--set", "who.params.assign=true", "--set", "who.params.within=3")
        now = self.people()
        self.assertEqual({who: now[who] for who in people}, people)
        self.assertEqual(now[PEOPLE], {-1})

    def test_what_is_wrong_is_said(self):
        self.write("pictures/99-99.txt", "1 0 0 0 0 0 0 0 0\n1 0 0 nan 0 0 0 0 0\n")
        self.assertEqual(self.go(3, "g.yaml").err, "flowrun: a gather failed; see the notes\n")
        self.assertIn("gather who failed: face 1 of '99-99.txt', counted from 0, has nan at place 2 of its vector; right: "
                      "finite numbers. The network or its precision is at fault: embed the item with another",
                      read_report(os.path.join(self.here, "run"))["notes"])
        # The pictures are kept; without the bad one the run goes through.
        os.remove(self.at("pictures/99-99.txt"))
        read = self.read_so_far()
        self.go(0, "g.yaml")
        self.assertEqual(self.read_so_far(), read)

    def test_one_for_all_is_warned_of(self):
        for i in range(200):  # 198 on a line, 1 apart, and two far away
            self.write("line/%03d.txt" % i, "1 %d 0\n" % (i if i < 198 else 10000 + i))
        self.go(0, "g.yaml", "--set", "faces.params.path=../line", "--set", "faces.params.sleep_us=0",
                "--set", "who.params.min_cluster_size=2", "--set", "who.params.min_samples=1")
        told = [line for line in lines(os.path.join(self.here, "run/log.txt")) if "that are somebody's" in line]
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].endswith(
            "who: identity 0 has 198 of the 200 faces that are somebody's. If these are several people, try method=leaf, "
            "a smaller min_cluster_size, a higher min_quality, or norm=unit"), told[0])


if __name__ == "__main__":
    main()
