"""Where pip would look: the index and the certificates of its own configuration."""
import os
import subprocess
import sys

PYPI = "https://pypi.org/simple"


def configured(key):
    """Of PIP_KEY in the environment, then of pip's configuration files; None where neither says it."""
    from_environment = os.environ.get("PIP_" + key.upper().replace("-", "_"))
    if from_environment:
        return from_environment
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    found = {}
    for line in told.stdout.splitlines():  # global.index-url='https://...'
        name, _, value = line.partition("=")
        found[name.strip()] = value.strip().strip("'\"")
    return found.get("install." + key) or found.get("global." + key)


def index_url():
    return (configured("index-url") or PYPI).rstrip("/")


def certificate_file():
    return configured("cert")
