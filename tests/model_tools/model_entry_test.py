"""The entry that compiling writes into a model file, whatever the file's style; what is not sure is refused."""
import unittest

import model_tools  # noqa: F401, finds the tools
from model_entry import compiled_entries, script_path, with_entry, with_script_first, write_entry
from order_packages import find_best
from refusal import Refusal

SUM = "0" * 64
ENTRY = write_entry("net-fp32.pt2", "fp32", "2.14.1", 1, 128, SUM)
BLOCK = "name: net\nfiles:\n%s  - {backend: torch, path: net.pt, sha256: 1}\ninputs: []\n"
FLOW = "name: net\nfiles: [%s{backend: torch, path: net.pt, sha256: 1}]\n"


class ModelEntry(unittest.TestCase):
    def put(self, text, entry=ENTRY):
        return with_entry(text, "net-fp32.pt2", entry, "net.yaml")

    def test_entry(self):
        self.assertEqual(ENTRY, '{for: cpu, backend: torch, path: net-fp32.pt2, precision: fp32, torch: "2.14.1", '
                         'batch: [1, 128], sha256: "%s"}' % SUM)

    def test_entries_are_found_again_and_half_precision_has_to_pay(self):
        both = with_entry(self.put(BLOCK % ""), "net-bf16.pt2", ENTRY.replace("fp32", "bf16"), "net.yaml")
        self.assertEqual([(e.path, e.low, e.high) for e in compiled_entries(both)],
                         [("net-bf16.pt2", 1, 128), ("net-fp32.pt2", 1, 128)])
        self.assertEqual(compiled_entries(both)[1].text, ENTRY)
        self.assertEqual(find_best({"net-bf16.pt2": 9.7, "net-fp32.pt2": 10}), "net-fp32.pt2")
        self.assertEqual(find_best({"net-bf16.pt2": 9.0, "net-fp32.pt2": 10}), "net-bf16.pt2")

    def test_the_script_first(self):
        both = with_entry(self.put(BLOCK % ""), "net-bf16.pt2", ENTRY.replace("fp32", "bf16"), "net.yaml")
        last = with_script_first(both)
        self.assertEqual(last, (BLOCK % "").replace("inputs", "  - %s\n  - %s\ninputs" % (ENTRY.replace("fp32", "bf16"), ENTRY)))
        self.assertEqual((script_path(both), script_path(FLOW % "")), ("net.pt", None))
        self.assertEqual(self.put(last), with_entry(self.put(BLOCK % ""), "net-fp32.pt2", ENTRY, "net.yaml").replace(
            "inputs", "  - %s\ninputs" % ENTRY.replace("fp32", "bf16")))
        self.assertEqual(find_best({"net-bf16.pt2": 9.7, "net-fp32.pt2": 12, "net.pt": 10}), "net.pt")

    def test_put_first(self):
        self.assertEqual(self.put(BLOCK % ""), BLOCK % ("  - " + ENTRY + "\n"))
        self.assertEqual(self.put(FLOW % ""), FLOW % (ENTRY + ",\n        "))
        unindented = "files:  # of all devices\n\n# one\n- path: net.pt\n  backend: torch\n"
        self.assertEqual(self.put(unindented), unindented.replace("- path", "- " + ENTRY + "\n- path"))

    def test_replaced(self):
        other = ENTRY.replace(SUM, "1" * 64)
        for text in (BLOCK, FLOW):
            once = self.put(text % "")
            self.assertEqual(self.put(once, other), once.replace(SUM, "1" * 64))
        both = with_entry(self.put(BLOCK % ""), "net-bf16.pt2", ENTRY.replace("fp32", "bf16"), "net.yaml")
        self.assertEqual(both.count("- {for: cpu"), 2)

    def test_refusals(self):
        by_hand = "add under `files:` of net.yaml by hand: - " + ENTRY
        with self.assertRaises(Refusal) as caught:
            self.put("{name: net, files: [{path: net.pt}]}")
        self.assertEqual(str(caught.exception), by_hand)
        with self.assertRaises(Refusal) as caught:
            self.put(BLOCK % "  - {path: net-fp32.pt2}\n")
        self.assertEqual(str(caught.exception),
                         "net.yaml has an entry for net-fp32.pt2 that compiling did not write; remove it, or " + by_hand)


if __name__ == "__main__":
    unittest.main()
