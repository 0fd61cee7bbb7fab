"""What the tests of the model tools share: where the tools are, a package index on this machine, the Python with torch."""
import contextlib
import http.server
import os
import pathlib
import re
import subprocess
import sys
import threading

SOURCE = pathlib.Path(os.environ.get("FLOWRUN_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
TOOLS = SOURCE / "plugins/torch/models"
sys.path.insert(0, str(TOOLS))


class Index(http.server.BaseHTTPRequestHandler):
    answers = {}  # path to (status, content type, bytes)
    asked = []    # paths and headers

    def do_GET(self):
        self.asked.append((self.path, dict(self.headers)))
        status, kind, body = self.answers.get(self.path, (404, "text/plain", b"nothing"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def package_index(answers):
    """A web server with these answers; gives its address and the list of what was asked."""
    handler = type("OneIndex", (Index,), {"answers": answers, "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield "http://127.0.0.1:%d" % server.server_address[1], handler.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def environment(**values):
    """These variables, for a while; None: not set."""
    before = {name: os.environ.get(name) for name in values}

    def put(all_values):
        for name, value in all_values.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)

    put(values)
    try:
        yield
    finally:
        put(before)


def torch_python(*packages):
    """The Python with torch, made when it is not there."""
    script = SOURCE / "plugins/torch/tools/python_env.sh"
    return subprocess.run(["bash", str(script), *packages], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def samples():
    """The folder of sample pictures."""
    told = os.environ.get("FLOWRUN_SAMPLES") or subprocess.run(
        ["bash", str(SOURCE / "tests/tools/sample_media.sh")], stdout=subprocess.PIPE, text=True, check=True).stdout
    return pathlib.Path(told.strip().splitlines()[-1])


def blocks(page, section, language):
    """The blocks of that language in a section of a page."""
    text = (SOURCE / page).read_text(encoding="utf-8")
    body = re.search(r"^## %s\n(.*?)(?=^## |\Z)" % re.escape(section), text, re.S | re.M)[1]
    return re.findall(r"^```%s\n(.*?)^```" % language, body, re.S | re.M)


def told_command(console):
    """The words behind `$ flowrun` in a block of a terminal."""
    return re.search(r"^\$ flowrun (.*)$", console, re.M)[1].split()
