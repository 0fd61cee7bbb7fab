"""Fetches one file of one package from a package index (the simple API, JSON or HTML) and holds it against its sha256.
Nothing of it is run: pip is not asked, since it runs an sdist's set-up code even to download it."""
import base64
import hashlib
import html.parser
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request

import pip_settings
from refusal import UNAVAILABLE, Refusal

ACCEPTED = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
MOST_LISTING_BYTES = 64 << 20
BLOCK = 1 << 20
SECONDS = 60


class Links(html.parser.HTMLParser):
    """The files that a page of the index names."""

    def __init__(self):
        super().__init__()
        self.urls = {}
        self.href = None

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.href = dict(attrs).get("href")

    def handle_data(self, data):
        if self.href and data.strip():
            self.urls[data.strip()] = self.href

    def handle_endtag(self, tag):
        if tag == "a":
            self.href = None


def without_login(url):
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def login_header(url):
    """Of the name and password that an index URL may carry."""
    parts = urllib.parse.urlsplit(url)
    if parts.username is None:
        return {}
    pair = urllib.parse.unquote(parts.username) + ":" + urllib.parse.unquote(parts.password or "")
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def open_url(url, index, **headers):
    if urllib.parse.urlsplit(url).scheme not in ("https", "http"):
        raise Refusal(UNAVAILABLE, "the package index names %s, which is no web address" % without_login(url))
    same_host = urllib.parse.urlsplit(without_login(url)).netloc == urllib.parse.urlsplit(without_login(index)).netloc
    request = urllib.request.Request(without_login(url), headers={**headers, **(login_header(index) if same_host else {})})
    context = ssl.create_default_context(cafile=pip_settings.certificate_file())
    try:
        return urllib.request.urlopen(request, timeout=SECONDS, context=context)
    except urllib.error.HTTPError as e:
        raise Refusal(UNAVAILABLE, "%s answers %d %s" % (without_login(url), e.code, e.reason)) from e
    except OSError as e:
        raise unreachable(url, e) from e


def unreachable(url, error):
    return Refusal(UNAVAILABLE, "%s cannot be reached: %s; right: a network, or an index in pip's configuration (pip "
                   "config set global.index-url URL)" % (without_login(url), getattr(error, "reason", error)))


def list_files(package, index):
    """File names of the package in the index, each with its URL."""
    page = "%s/%s/" % (index, re.sub(r"[-_.]+", "-", package).lower())
    with open_url(page, index, Accept=ACCEPTED) as answer:
        try:
            text = answer.read(MOST_LISTING_BYTES).decode()
        except (OSError, UnicodeDecodeError) as e:
            raise unreachable(page, e) from e
        base, is_json = answer.geturl(), "json" in answer.headers.get("Content-Type", "")
    try:
        links = {f["filename"]: f["url"] for f in json.loads(text)["files"]} if is_json else None
    except (ValueError, KeyError, TypeError) as e:
        raise Refusal(UNAVAILABLE, "%s is no listing of a package index" % without_login(page)) from e
    if links is None:
        parser = Links()
        parser.feed(text)
        links = parser.urls
    return {name: urllib.parse.urljoin(base, url) for name, url in links.items()}


def fetch_file(package, to):
    """Writes the file that `package` (name, version, file, sha256, bytes) tells."""
    index = pip_settings.index_url()
    files = list_files(package["name"], index)
    what = "%s of %s %s" % (package["file"], package["name"], package["version"])
    if package["file"] not in files:
        raise Refusal(UNAVAILABLE, "the index %s has no %s; it has: %s" %
                      (without_login(index), what, ", ".join(sorted(files)[:8]) or "nothing of that name"))
    url = files[package["file"]]
    total, hasher = 0, hashlib.sha256()
    with open_url(url, index) as answer, open(to, "wb") as out:
        while True:
            try:
                block = answer.read(BLOCK)
            except (OSError, ValueError) as e:
                raise unreachable(url, e) from e
            total += len(block)
            if not block or total > package["bytes"]:
                break
            hasher.update(block)
            out.write(block)
    if total != package["bytes"]:
        raise Refusal(UNAVAILABLE, "%s has %s %d bytes; it should have %d. It was cut off or is another file: try again, "
                      "or another index" % (what, "more than" if total > package["bytes"] else "only",
                                            min(total, package["bytes"]), package["bytes"]))
    if hasher.hexdigest() != package["sha256"]:
        raise Refusal(UNAVAILABLE, "%s has sha256 %s; it should have %s. It is not the file that was looked at: do not use "
                      "it" % (what, hasher.hexdigest(), package["sha256"]))
