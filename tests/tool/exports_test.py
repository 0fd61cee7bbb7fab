"""Exports as csv and npy, read back: by Python's csv module, and by the format's few lines."""
import ast
import csv
import json
import os
import struct

from flowrun_runs import RunTest, main, make_photos, png, read_report, unfinished

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  light: {use: lighting.analyze, in: media, params: {bins: 4}}
  mark:  {use: probe.mark, in: media, params: {fail: bad, skip: dull}}
  count: {use: probe.count, in: mark}
  both:  {use: probe.join, in: {mark: mark, count: count}}
  all:   {use: probe.total, in: both}
  part:  {use: probe.share, in: mark}
keep: [light, mark, both, all, part]
export: {jsonl: results.jsonl}
"""
PORTS = ["both", "light", "mark", "part"]  # all of them but the run's own
OF_RUN = "'all' is one value for the whole run and is left out; jsonl has it"


def read_csv(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, strict=True))


def read_npy(*path):
    """The shape, and the numbers in C order."""
    with open(os.path.join(*path), "rb") as f:
        data = f.read()
    assert data[:8] == b"\x93NUMPY\x01\x00", data[:8]
    size, = struct.unpack_from("<H", data, 8)
    assert (10 + size) % 64 == 0 and data[9 + size:10 + size] == b"\n", size
    header = ast.literal_eval(data[10:10 + size].decode("ascii"))
    assert header["fortran_order"] is False and set(header) == {"descr", "fortran_order", "shape"}, header
    code = {"|b1": "?", "<i4": "i", "<i8": "q", "<f4": "f", "<f8": "d"}[header["descr"]]
    count = 1
    for side in header["shape"]:
        count *= side
    return header["shape"], list(struct.unpack("<%d%s" % (count, code), data[10 + size:]))


def lines_of(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read().splitlines()


def in_csv(text):
    """A text as its cell."""
    return "'" + text if text[:1] in tuple("=+-@\t\r") else text


def from_cell(cell, like):
    """What a cell says, as JSON says it."""
    if like is None:
        return None if cell == "" else cell
    if isinstance(like, str):
        return cell[1:] if cell[:1] == "'" else cell
    return json.loads(cell)


def as_float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


class Exports(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 6)
        for name in ("bad.png", "dull.png", "=1+1, \"x\".png", "@a\nb%.png", "-\u00e4.png"):
            self.write("photos/" + name, png(6, 4, 200))
        with open(os.path.join(os.fsencode(self.place), b"photos/\xff.png"), "wb") as f:
            f.write(png(4, 4, 9))
        self.write("g.yaml", GRAPH)

    def run_graph(self, rc=3):
        done = self.expect(rc, "g.yaml")
        with open(self.at("run/results.jsonl"), encoding="utf-8") as f:
            self.records = [r for r in map(json.loads, f) if "item" in r]
        self.assertEqual(len(self.records), 12)
        return done

    def check_csv(self, folder):
        self.assertEqual(sorted(os.listdir(folder)), sorted(p + ".csv" for p in [*PORTS, "items"]))
        rows = read_csv(folder, "items.csv")
        self.assertEqual([list(r) for r in rows[:1]],
                         [["item", "source", "stream", "seq", "time_ns", "status", "reason"]])
        self.assertEqual([list(r.values()) for r in rows],
                         [[in_csv(r["item"]), r["source"], "", str(r["seq"]), "0", r["status"], r.get("reason", "")]
                          for r in self.records])
        for port in PORTS:
            told = read_csv(folder, port + ".csv")
            fields = list(next(r["values"][port] for r in self.records if port in r["values"]))
            self.assertEqual(list(told[0]), ["item", "source", "stream", "reason", *fields])
            with_value = [t for t in told if not t["reason"]]
            kept = [r for r in self.records if port in r["values"]]
            self.assertEqual([t["item"] for t in with_value], [in_csv(r["item"]) for r in kept])
            for row, record in zip(with_value, kept):
                value = record["values"][port]
                self.assertEqual({f: from_cell(row[f], value[f]) for f in fields}, value)
            for row in told:
                if row["reason"]:
                    self.assertEqual(set(row[f] for f in fields), {""})

    def check_npy(self, folder):
        kept = [r for r in self.records if "light" in r["values"]]
        names = [r["item"].replace("\n", "%0A") for r in kept]
        self.assertEqual(lines_of(folder, "light.ids.txt"), names)
        self.assertEqual(len(names), 12)
        light = [r["values"]["light"] for r in kept]
        self.assertEqual(read_npy(folder, "light.histogram.npy"),
                         ((12, 4), [as_float32(v) for one in light for v in one["histogram"]]))
        self.assertEqual(read_npy(folder, "light.brightness.npy"), ((12,), [one["brightness"] for one in light]))
        there = [r for r in kept if r["values"]["light"]["temperature"] is not None]
        self.assertEqual(read_npy(folder, "light.temperature.npy"),
                         ((len(there),), [r["values"]["light"]["temperature"] for r in there]))
        self.assertEqual(lines_of(folder, "light.temperature.ids.txt"),
                         [r["item"].replace("\n", "%0A") for r in there])
        marked = [r["values"]["mark"]["sum"] for r in self.records if "mark" in r["values"]]
        self.assertEqual(read_npy(folder, "mark.sum.npy"), ((10,), marked))
        self.assertEqual(len(lines_of(folder, "mark.ids.txt")), 10)
        self.assertFalse(os.path.exists(os.path.join(folder, "mark.key.npy")))
        self.assertEqual(read_npy(folder, "part.share.npy")[0], (10,))

    def test_csv(self):
        self.run_graph()
        done = self.expect(0, "export", "run", "--to", "csv")
        self.assertEqual((done.out, done.err),
                         ("run/export-csv: 12 records\n", "run/export-csv: " + OF_RUN + "\n"))
        self.check_csv(self.at("run/export-csv"))
        self.assertEqual([r["reason"] for r in read_csv(self.at("run/export-csv/mark.csv")) if r["reason"]],
                         ["the probe was told to fail", "the probe was told to skip"])
        done = self.expect(0, "export", "run", "--to", "csv", "-o", "a/b", "--canonical")
        self.assertEqual(done.out, "a/b: 12 records\n")
        with open(self.at("a/b/mark.csv"), encoding="utf-8") as f:
            self.assertEqual(f.readline(), "item,source,stream,reason,height,key,pad,sum,width\n")
        self.assertEqual(unfinished(self.place), [])

    def test_npy(self):
        self.run_graph()
        done = self.expect(0, "export", "run/", "--to", "npy")
        self.assertEqual(done.out, "run/export-npy: 12 records\n")
        self.assertIn("run/export-npy: " + OF_RUN + "\n", done.err)
        self.assertIn("run/export-npy: mark.ids.txt: 2 items without a value are left out\n", done.err)
        self.check_npy(self.at("run/export-npy"))
        self.expect(0, "export", "run", "--to", "npy", "-o", "arrays")
        self.check_npy(self.at("arrays"))

    def test_the_graph_exports(self):
        self.write("g.yaml", GRAPH.replace("export: {", "export: {csv: tables, npy: deep/arrays, "))
        done = self.run_graph()
        self.assertIn("run/tables: 12 records\nrun/tables: " + OF_RUN + "\nrun/deep/arrays: 12 records\n", done.out)
        self.check_csv(self.at("run/tables"))
        self.check_npy(self.at("run/deep/arrays"))
        self.assertIn("run/deep/arrays: mark.ids.txt: 2 items without a value are left out",
                      read_report(self.at("run"))["notes"])
        # What is exported is part of the resolved graph.
        os.remove(self.at("run/tables/mark.csv"))
        self.expect(0, "resume", "run")
        self.check_csv(self.at("run/tables"))

    def test_what_is_refused(self):
        for text, place, message in (
                ("csv: ../x", "12:15", "'../x' leaves the run directory; write a path inside it"),
                ("npy: [a]", "12:15", "'npy' must be a text, but is a list"),
                ("cvs: x", "12:10", "'cvs' is not an export format; it has: jsonl, csv, npy, coco, yolo. Did you mean 'csv'?")):
            self.write("bad.yaml", GRAPH.replace("jsonl: results.jsonl", text))
            self.assertEqual(self.expect(65, "check", "bad.yaml").err,
                             "bad.yaml:%s: %s\n1 problem; nothing was started.\n" % (place, message))
        self.run_graph()
        self.assertEqual(self.expect(64, "export", "run", "--to", "cvs").err,
                         "flowrun: 'cvs' is not an export format; it can be: jsonl, csv, npy, coco, yolo. Did you mean 'csv'?\n")
        self.assertEqual(self.expect(64, "export", "none", "--to", "csv").err,
                         "flowrun: none is not a run directory: it has no run.db; give the folder that was -o of a run\n")
        self.assertEqual(self.expect(74, "export", "run", "--to", "csv", "-o", "g.yaml").err,
                         "flowrun: g.yaml: is no folder; csv is a folder of files\n")
        self.assertFalse(os.path.exists(self.at("none")))

    def test_nothing_for_npy(self):
        self.write("g.yaml", """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  save: {use: image.write, in: media, params: {path: "{seq}.png"}}
export: {npy: arrays}
""")
        done = self.expect(65, "g.yaml")
        self.assertEqual(done.err, "flowrun: run: no kept port gives numbers for each item, so there is nothing for npy; "
                                   "export jsonl or csv\n")
        # The items are done all the same.
        self.assertEqual(self.balanced()["done"], 12)


if __name__ == "__main__":
    main()
