#!/usr/bin/env bash
# python_env.sh [PACKAGE...]: makes a Python environment with torch in the cache, once, and prints the path of its python.
# PACKAGEs are installed into it too. Exporting and compiling networks and the parity tests need it; running graphs does
# not. pip's own configuration decides the index.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
torch_version=$(sed -nE 's/^torch==([^ ]+).*/\1/p' "$here/torch_wheels.txt")
packages=("torch==$torch_version" numpy)
needed_mib=9000 # the packages unpacked and, for a moment, the largest of them as a wheel

say() { printf '%s\n' "$*" >&2; }
fail() {
  local code=$1
  shift
  say "python_env.sh: $*"
  exit "$code"
}

cache_folder() {
  local base=${XDG_CACHE_HOME:-}
  if [ -z "$base" ]; then
    [ -n "${HOME:-}" ] || fail 69 'no place for the environment: neither XDG_CACHE_HOME nor HOME is set. Set one of them'
    base=$HOME/.cache
  fi
  mkdir -p "$base/flowrun" || fail 69 "cannot create $base/flowrun. Set XDG_CACHE_HOME to a folder you may write"
  (cd "$base/flowrun" && pwd)
}

python3_tag() {
  command -v python3 >/dev/null || fail 69 'python3 is missing: apt-get install python3 python3-venv'
  python3 -c 'import sys, venv, ensurepip
if sys.version_info < (3, 10): sys.exit("torch needs Python 3.10 or later; this is %d.%d" % sys.version_info[:2])
print("cp%d%d" % sys.version_info[:2])' ||
    fail 69 'python3 cannot make environments: apt-get install python3-venv'
}

check_space() {
  local free
  free=$(df --output=avail -BM "$1" | tail -n 1 | tr -dc 0-9)
  [ "$free" -ge "$needed_mib" ] ||
    fail 69 "$1 has $free MiB free, but torch with what it needs takes up to $needed_mib MiB; free some, or set XDG_CACHE_HOME"
}

pip_install() { # pip's output is shown only when it fails
  local log
  log=$(mktemp)
  if ! "$python" -m pip install --quiet --no-input --no-cache-dir --only-binary :all: "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail 69 "pip could not install: $*; right: a network, or an index in pip's configuration (pip config set global.index-url URL)"
  fi
  rm -f "$log"
}

# Made where it stays, since an environment cannot be moved; the mark says that it is whole.
make_environment() {
  local start=$SECONDS
  check_space "$cache"
  say "making a Python environment with torch $torch_version (once, about 3 GB to download, 5.5 GB in the cache)"
  rm -rf "$place"
  python3 -m venv "$place" || fail 69 "python3 could not make an environment in $place"
  pip_install "${packages[@]}"
  "$python" -c 'import torch, numpy' || fail 70 "torch $torch_version was installed, but cannot be imported"
  touch "$place/whole"
  say "made $place in $((SECONDS - start)) s, $(du -sm "$place" | cut -f1) MiB"
}

add_packages() {
  local package start=$SECONDS
  for package in "$@"; do
    [ -e "$place/has-$package" ] && continue
    pip_install "torch==$torch_version" "$package"
    touch "$place/has-$package"
    say "added $package in $((SECONDS - start)) s"
  done
}

cache=$(cache_folder)
place=$cache/python-torch-$torch_version-$(python3_tag)
python=$place/bin/python
exec 9>"$place.lock"
flock 9
[ -e "$place/whole" ] || make_environment
add_packages "$@"
printf '%s\n' "$python"
