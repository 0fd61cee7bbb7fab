"""Exports read by the libraries that people read them with: pycocotools and numpy."""
import json

import numpy
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from exports_test import lines_of
from flowrun_runs import main
from found_runs import FoundTest


def detections(coco):
    """What the file says, as results of a detector."""
    return [{"image_id": a["image_id"], "category_id": a["category_id"], "bbox": a["bbox"], "score": a.get("score", 1.0)}
            for a in coco.dataset["annotations"]]


class ReadBack(FoundTest):
    def setUp(self):
        super().setUp()
        self.records = self.run_graph()

    def load(self, *words):
        self.expect(0, "export", "run", "--to", "coco", "-o", "faces.json", *words)
        return COCO(self.at("faces.json"))

    def check_coco(self, coco):
        self.assertEqual(len(coco.getImgIds()), len(self.records))
        faces = coco.getCatIds(catNms=["faces"])
        self.assertEqual(len(faces), 1)
        self.assertEqual(len(coco.loadCats(faces)[0]["keypoints"]), 5)
        for record, image in zip(self.records, coco.loadImgs(sorted(coco.getImgIds()))):
            values = record["values"]["faces"]
            self.assertEqual((image["file_name"], image["width"], image["height"]),
                             (record["item"].replace("%25", "%"), values["width"], values["height"]))
            told = coco.loadAnns(sorted(coco.getAnnIds(imgIds=[image["id"]], catIds=faces, iscrowd=False)))
            self.assertEqual([a["bbox"] for a in told], [[f[s] for s in "xywh"] for f in values["list"]])
            self.assertEqual([a["score"] for a in told], [f["score"] for f in values["list"]])
            self.assertEqual([a["identity"] for a in told], [w["identity"] for w in record["values"]["who"]["list"]])
            for a, f in zip(told, values["list"]):
                points = numpy.array(a["keypoints"]).reshape(-1, 3)
                numpy.testing.assert_array_equal(points[:, :2].ravel(), f["landmarks"])
                self.assertEqual((a["num_keypoints"], set(points[:, 2])), (5, {2}))
                numpy.testing.assert_allclose(a["area"], a["bbox"][2] * a["bbox"][3], rtol=1e-6)

    def evaluate(self, coco, kind):
        found = detections(coco)
        if kind == "keypoints":
            found = [dict(f, keypoints=a["keypoints"]) for f, a in zip(found, coco.dataset["annotations"])
                     if "keypoints" in a]
        evaluation = COCOeval(coco, coco.loadRes(found), kind)
        if kind == "keypoints":
            evaluation.params.catIds = coco.getCatIds(catNms=["faces"])
            evaluation.params.kpt_oks_sigmas = numpy.full(5, 0.05)
        evaluation.params.areaRng = [[0, 1e10]]
        evaluation.params.areaRngLbl = ["all"]
        evaluation.params.maxDets = [100]
        evaluation.evaluate()
        evaluation.accumulate()
        precision = evaluation.eval["precision"]
        return precision[precision > -1]

    def test_coco(self):
        coco = self.load()
        self.check_coco(coco)
        self.check_coco(self.load("--canonical"))
        # What is found is found again: each box against itself.
        for kind in ("bbox", "keypoints"):
            precision = self.evaluate(coco, kind)
            self.assertGreater(precision.size, 0)
            numpy.testing.assert_allclose(precision, 1, err_msg=kind)

    def test_npy(self):
        self.expect(0, "export", "run", "--to", "npy", "-o", "arrays")
        expected = {"faces.list.landmarks": ("faces", "landmarks"), "faces.list.score": ("faces", "score"),
                    "who.list.identity": ("who", "identity"), "vec.list.quality": ("vec", "quality"),
                    "things.list.x": ("things", "x")}
        for name, (port, field) in expected.items():
            rows = [one[field] for r in self.records for one in r["values"][port]["list"]]
            told = numpy.load(self.at("arrays", name + ".npy"), allow_pickle=False)
            numpy.testing.assert_array_equal(told, numpy.array(rows, told.dtype), err_msg=name)
            self.assertEqual(len(lines_of(self.at("arrays"), ".".join(name.split(".")[:2]) + ".ids.txt")), len(rows))
        vectors = numpy.load(self.at("arrays/vec.list.vector.npy"), allow_pickle=False)
        by_id = {(r["item"], i): v["vector"] for r in self.records for i, v in enumerate(r["values"]["vec"]["list"])}
        ids = [line.rsplit("\t", 1) for line in lines_of(self.at("arrays/vec.list.vector.ids.txt"))]
        self.assertEqual(vectors.shape, (10, 3))
        numpy.testing.assert_array_equal(
            vectors, numpy.array([by_id[key, int(i)] for key, i in ids], numpy.float32))

    def test_yolo(self):
        """The boxes of the labels are those of COCO, as far as they lie in the picture."""
        coco = self.load()
        self.expect(0, "export", "run", "--to", "yolo", "-o", "labelled")
        names = lines_of(self.at("labelled/classes.txt"))
        self.assertEqual(names, [c["name"] for c in coco.loadCats(sorted(coco.getCatIds()))])
        image = next(i for i in coco.dataset["images"] if i["file_name"] == "b.png")
        size = numpy.array([image["width"], image["height"]] * 2)
        labels = numpy.loadtxt(self.at("labelled/labels/b.txt"), ndmin=2)
        shown = [a for a in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]])) if a["bbox"][0] > -9]
        self.assertEqual(len(labels), len(shown))
        for (category, *shares), a in zip(labels, shown):
            cx, cy, w, h = numpy.array(shares) * size
            x, y, bw, bh = a["bbox"]
            left, top = max(x, 0), max(y, 0)
            self.assertEqual(int(category), a["category_id"] - 1)
            numpy.testing.assert_allclose(
                [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2],
                [left, top, min(x + bw, image["width"]), min(y + bh, image["height"])], atol=1e-4)

    def test_the_file_is_plain_json(self):
        self.load()
        with open(self.at("faces.json"), encoding="utf-8") as f:
            self.assertEqual(len(json.load(f)["annotations"]), 23)


if __name__ == "__main__":
    main()
