"""Exports of what was found in pictures: COCO, YOLO, and lists as tables and arrays, against what results.jsonl says."""
import base64
import json
import os

from exports_test import from_cell, in_csv, lines_of, read_csv, read_npy
from flowrun_runs import main, tree, unfinished
from found_runs import GRAPH, FoundTest

BROKEN = "1 item without a value is left out"


def with_boxes(record):
    """The boxes of a record in the order of the exports: their category, their box, and all else."""
    values = record["values"]
    for face, who in zip(values["faces"]["list"], values["who"]["list"]):
        yield "faces", face, who["identity"]
    for thing in values["things"]["list"]:
        yield thing["label"], thing, None


def line_in_picture(box, width, height):
    """Its part within the picture as YOLO has it; none: there is none."""
    left, right = max(box["x"], 0), min(box["x"] + box["w"], width)
    top, bottom = max(box["y"], 0), min(box["y"] + box["h"], height)
    if right <= left or bottom <= top:
        return None
    return [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]


class FoundExports(FoundTest):
    def check_coco(self, file, records):
        with open(file, encoding="utf-8") as f:
            told = json.load(f)
        self.assertEqual(sorted(told), ["annotations", "categories", "images", "info", "licenses"])
        five = [str(i) for i in range(5)]
        self.assertEqual(told["categories"],
                         [{"id": 1, "name": "cup", "supercategory": ""},
                          {"id": 2, "name": "faces", "supercategory": "", "keypoints": five, "skeleton": []},
                          {"id": 3, "name": "hat, \"red\"", "supercategory": ""}])
        self.assertEqual(told["images"],
                         [{"id": i + 1, "file_name": r["item"].replace("%25", "%"), "width": r["values"]["faces"]["width"],
                           "height": r["values"]["faces"]["height"], "source": "media"} for i, r in enumerate(records)])
        ids = {"cup": 1, "faces": 2, "hat, \"red\"": 3}
        expected = []
        for image, record in enumerate(records):
            for category, box, identity in with_boxes(record):
                one = {"id": len(expected) + 1, "image_id": image + 1, "category_id": ids[category],
                       "bbox": [box["x"], box["y"], box["w"], box["h"]], "iscrowd": 0, "segmentation": []}
                if identity is not None:
                    points = box["landmarks"]
                    one.update(score=box["score"], identity=identity, num_keypoints=5,
                               keypoints=[n for i in range(0, 10, 2) for n in (points[i], points[i + 1], 2)])
                expected.append(one)
        self.assertEqual([{k: v for k, v in a.items() if k != "area"} for a in told["annotations"]], expected)
        for a in told["annotations"]:
            self.assertAlmostEqual(a["area"], a["bbox"][2] * a["bbox"][3], delta=1e-6 * a["area"])
        self.assertEqual(len(expected), 13 + 10)

    def check_yolo(self, folder, records):
        self.assertEqual(lines_of(folder, "classes.txt"), ["cup", "faces", "hat, \"red\""])
        self.assertEqual(lines_of(folder, "data.yaml"),
                         ["train: images", "val: images", "names:", '  0: "cup"', '  1: "faces"',
                          '  2: "hat, \\"red\\""'])
        names = ["-50%\u00e4.txt", "%FF.txt", "b.txt", "none.txt", "sub/a b.txt"]
        self.assertEqual(sorted(tree(folder)), sorted(["classes.txt", "data.yaml"] + ["labels/" + n for n in names]))
        for record in records:
            name = {"-50%25\u00e4.png": names[0]}.get(record["item"], record["item"].replace(".png", ".txt"))
            picture = record["values"]["faces"]
            expected = []
            for category, box, _ in with_boxes(record):
                shares = line_in_picture(box, picture["width"], picture["height"])
                if shares:
                    expected.append("%d %.6f %.6f %.6f %.6f" % ({"cup": 0, "faces": 1}[category], *shares))
            self.assert_near_lines(lines_of(folder, "labels", name), expected)

    def assert_near_lines(self, told, expected):
        """A float32 as JSON has fewer digits than it has: the last of six decimals may differ."""
        self.assertEqual(len(told), len(expected), told)
        for one, other in zip(told, expected):
            self.assertRegex(one, r"^\d( [01]\.\d{6}){4}$")
            self.assertEqual(one.split()[0], other.split()[0])
            for a, b in zip(one.split()[1:], other.split()[1:]):
                self.assertAlmostEqual(float(a), float(b), delta=1.5e-6)

    def test_coco(self):
        records = self.run_graph()
        done = self.expect(0, "export", "run", "--to", "coco")
        self.assertEqual((done.out, done.err),
                         ("run/export-coco.json: 5 records\n", "run/export-coco.json: " + BROKEN + "\n"))
        self.check_coco(self.at("run/export-coco.json"), records)
        self.expect(0, "export", "run", "--to", "coco", "-o", "a.json", "--canonical")
        self.check_coco(self.at("a.json"), records)
        with open(self.at("a.json"), encoding="utf-8") as f:
            text = f.read()
        self.assertEqual(text.replace("\n", ""),
                         json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        self.assertEqual(unfinished(self.place), [])

    def test_yolo(self):
        records = self.run_graph()
        done = self.expect(0, "export", "run", "--to", "yolo")
        self.assertEqual((done.out, done.err),
                         ("run/export-yolo: 5 records\n", "run/export-yolo: %s\nrun/export-yolo: "
                          "6 boxes outside their pictures are left out\n" % BROKEN))
        self.check_yolo(self.at("run/export-yolo"), records)
        os.remove(self.at("photos/broken.png"))
        os.link(self.at("photos/b.png"), self.at("photos/b.jpg"))
        self.expect(0, "g.yaml")
        self.assertEqual(self.expect(65, "export", "run", "--to", "yolo", "-o", "new").err,
                         "flowrun: items 'b.jpg' of 'media' and 'b.png' of 'media' would have the same labels, "
                         "labels/b.txt; rename one of them, or export coco\n")
        self.assertFalse(os.path.exists(self.at("new")))

    def test_the_graph_exports(self):
        self.write("g.yaml", GRAPH.replace("export: {", "export: {coco: all/faces.json, yolo: labelled, "))
        records = self.run_graph()
        self.check_coco(self.at("run/all/faces.json"), records)
        self.check_yolo(self.at("run/labelled"), records)

    def test_npy(self):
        records = self.run_graph()
        done = self.expect(0, "export", "run", "--to", "npy", "-o", "arrays")
        self.assertIn("arrays: 'things.list.jpeg' is bytes and is left out; jsonl has it\n", done.err)
        self.assertIn("arrays: vec.list.vector.ids.txt: 3 elements without a value are left out\n", done.err)
        rows = [(r["item"], i, r["values"]) for r in records for i in range(len(r["values"]["faces"]["list"]))]
        ids = ["%s\t%d" % (key, i) for key, i, _ in rows]
        self.assertEqual(len(rows), 13)
        folder = self.at("arrays")
        for name in ("faces", "who", "vec"):
            self.assertEqual(lines_of(folder, name + ".list.ids.txt"), ids)
        self.assertEqual(read_npy(folder, "who.list.identity.npy"),
                         ((13,), [v["who"]["list"][i]["identity"] for _, i, v in rows]))
        shape, marks = read_npy(folder, "faces.list.landmarks.npy")
        self.assertEqual(shape, (13, 10))
        expected = [x for _, i, v in rows for x in v["faces"]["list"][i]["landmarks"]]
        self.assertTrue(all(abs(a - b) <= 1e-6 * abs(b) for a, b in zip(marks, expected)))
        there = [(key, i, v["vec"]["list"][i]["vector"]) for key, i, v in rows if v["vec"]["list"][i]["vector"]]
        shape, vectors = read_npy(folder, "vec.list.vector.npy")
        self.assertEqual(shape, (10, 3))
        self.assertEqual(vectors[2::3], [-1.5] * 10)
        self.assertEqual(lines_of(folder, "vec.list.vector.ids.txt"), ["%s\t%d" % (key, i) for key, i, _ in there])
        self.assertEqual(read_npy(folder, "faces.width.npy"), ((5,), [r["values"]["faces"]["width"] for r in records]))

    def test_csv(self):
        records = self.run_graph()
        self.expect(0, "export", "run", "--to", "csv", "-o", "tables")
        self.assertEqual(sorted(os.listdir(self.at("tables"))),
                         sorted(["items.csv"] + [n + s for n in ("faces", "vec", "who", "things")
                                                 for s in (".csv", ".list.csv")]))
        told = read_csv(self.at("tables/things.list.csv"))
        self.assertEqual(list(told[0]), ["item", "source", "stream", "index", "x", "y", "w", "h", "label", "jpeg"])
        expected = [(in_csv(r["item"]), "media", "", str(i), t) for r in records
                    for i, t in enumerate(r["values"]["things"]["list"])]
        self.assertEqual([tuple(row.values())[:4] for row in told], [e[:4] for e in expected])
        for row, (*_, thing) in zip(told, expected):
            self.assertEqual({k: from_cell(row[k], thing[k]) for k in thing}, thing)
        self.assertEqual(base64.b64decode(told[0]["jpeg"]), b"\xff\xd8")
        faces = read_csv(self.at("tables/faces.list.csv"))
        self.assertEqual([json.loads(row["landmarks.9"]) for row in faces],
                         [f["landmarks"][9] for r in records for f in r["values"]["faces"]["list"]])
        # The cell in LABEL.csv stays.
        cells = [json.loads(row["list"]) for row in read_csv(self.at("tables/who.csv")) if not row["reason"]]
        self.assertEqual(cells, [r["values"]["who"]["list"] for r in records])

    def test_nothing_to_export(self):
        # A gather's input is kept too, so there is none here.
        lines = [l for l in GRAPH.splitlines() if not l.startswith(("  who:", "  things:"))]
        self.write("g.yaml", "\n".join(lines).replace("keep: [faces, vec, who, things]", "keep: [vec]"))
        self.expect(3, "g.yaml")
        for to in ("coco", "yolo"):
            self.assertEqual(self.expect(65, "export", "run", "--to", to).err,
                             "flowrun: run: no kept port gives boxes for each item, so there is nothing for %s; keep one "
                             "that has a list of objects with numbers x, y, w and h\n" % to)
            self.assertFalse(os.path.exists(self.at("run/export-" + to)))


if __name__ == "__main__":
    main()
