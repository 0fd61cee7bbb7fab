"""Where pip would look: the index and the certificates of its own configuration."""
import functools
import os
import subprocess
import sys

PYPI = "https://pypi.org/simple"


@functools.cache
def configuration():
    """What `pip config list` tells: global.index-url='https://...'"""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    lines = [line.partition("=") for line in told.stdout.splitlines()]
    return {name.strip(): value.strip().strip("'\"") for name, _, value in lines}


def configured(key):
    """Of PIP_KEY in the environment, then of pip's configuration files; None where neither says it."""
    from_environment = os.environ.get("PIP_" + key.upper().replace("-", "_"))
    return from_environment or configuration().get("install." + key) or configuration().get("global." + key)


def index_url():
    return (configured("index-url") or PYPI).rstrip("/")


def certificate_file():
    return configured("cert")
