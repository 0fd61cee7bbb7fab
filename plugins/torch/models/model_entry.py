"""The entries of `files` in a model file that compiling writes: each one line, so that it can be found again."""
import collections
import re

from refusal import USAGE, Refusal

LIST = re.compile(r"^files:[ \t]*(#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]*)-[ \t]", re.M)
FLOW = re.compile(r"^files:[ \t]*\[[ \t]*", re.M)
SCRIPT = re.compile(r"^([ \t]*)- \{[^{}\n]*\bpath: [\"']?([^,{}\"'\n]+\.pt)[\"']?[,}][^\n]*\n", re.M)


def write_entry(path, precision, torch, low, high, sha256):
    return ('{for: cpu, backend: torch, path: %s, precision: %s, torch: "%s", batch: [%d, %d], sha256: "%s"}' %
            (path, precision, torch, low, high, sha256))


def entry_pattern(path):
    return r"\{for: cpu, backend: torch, path: " + re.escape(path) + r", [^{}\n]*\}"


Entry = collections.namedtuple("Entry", "path low high text")


def compiled_entries(text):
    """What write_entry() put there, in the file's order."""
    return [Entry(found[1], int(found[2]), int(found[3]), found[0])
            for found in re.finditer(r"\{for: cpu, backend: torch, path: ([^,]+), [^{}\n]*batch: \[(\d+), (\d+)\][^{}\n]*\}", text)]


def script_path(text):
    """Of the first file that is TorchScript; None where it does not stand on a line of its own."""
    found = SCRIPT.search(text)
    return found and found[2]


def with_script_first(text):
    """The text with all that write_entry() put there right behind that file."""
    entries = compiled_entries(text)
    for e in entries:
        text = without_entry(text, e.path)
    found = SCRIPT.search(text)
    return text[:found.end()] + "".join("%s- %s\n" % (found[1], e.text) for e in entries) + text[found.end():]


def without_entry(text, path):
    """Without what an earlier write_entry() of this path put there."""
    text = re.sub(r"^[ \t]*-[ \t]" + entry_pattern(path) + r"[ \t]*\n", "", text, flags=re.M)
    return re.sub(entry_pattern(path) + r",[ \t]*\n?[ \t]*", "", text)


def with_entry(text, path, entry, file):
    """The model file's text with the entry as the first of `files`; refuses a text that cannot be changed safely."""
    text = without_entry(text, path)
    by_hand = "add under `files:` of %s by hand: - %s" % (file, entry)
    if re.search(r"\bpath:[ \t]*[\"']?" + re.escape(path), text):
        raise Refusal(USAGE, "%s has an entry for %s that compiling did not write; remove it, or %s" % (file, path, by_hand))
    if found := LIST.search(text):
        return text[:found.start(2)] + found[2] + "- " + entry + "\n" + text[found.start(2):]
    if found := FLOW.search(text):
        return text[:found.end()] + entry + ",\n        " + text[found.end():]
    raise Refusal(USAGE, by_hand)
