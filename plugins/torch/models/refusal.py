"""What the model tools share: a reason to stop as one sentence with its exit code, and sums of files."""
import contextlib
import errno
import hashlib
import sys

USAGE, UNAVAILABLE, INTERNAL, IO = 64, 69, 70, 74


class Refusal(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@contextlib.contextmanager
def write_errors(folder):
    """Tells a full disk and the like as a refusal that names the folder."""
    try:
        yield
    except OSError as e:
        cure = "; free some space, or set XDG_CACHE_HOME to another disk" if e.errno == errno.ENOSPC else ""
        raise Refusal(IO, "%s: %s%s" % (e.filename or folder, e.strerror or e, cure)) from e


def sha256_of(file):
    with open(file, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def say(text):
    print(text, file=sys.stderr, flush=True)


def run_tool(action):
    """The exit code of `action`, which may refuse."""
    try:
        action()
    except Refusal as refusal:
        say("flowrun: " + str(refusal))
        return refusal.code
    except KeyboardInterrupt:
        return 130
    return 0
