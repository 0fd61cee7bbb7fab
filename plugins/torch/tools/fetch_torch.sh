#!/usr/bin/env bash
# fetch_torch.sh: unpacks the parts of PyTorch's wheel that C++ needs (libraries and headers) into the cache and prints
# the folder. Fetched once, by hash (torch_wheels.txt); nothing is installed, no Python code of it is run.
# Without an NVIDIA driver libtorch_cpu is enough, with the two libraries of CUDA it is linked to.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/tools/common.sh
. "$here/../../../tests/tools/common.sh"

wheels=$here/torch_wheels.txt
version=$(sed -nE 's/^torch==([^ ]+).*/\1/p' "$wheels")
folder=$(cache_folder)/torch-$version

unpack() { # unpack WHEEL: only what C++ needs, without the 500 MB of CUDA kernels
  python3 - "$1" <<'PYTHON'
import sys, zipfile

wanted = ("torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp", "torch/include/",
          "nvidia/cu13/lib/", "nvidia/cu13/include/")
with zipfile.ZipFile(sys.argv[1]) as wheel:
    names = [n for n in wheel.namelist() if n.startswith(wanted) or "/licenses/" in n or n.endswith("LICENSE")]
    wheel.extractall("root", [n for n in names if not n.endswith(".py")])
PYTHON
}

fetch() {
  local work log start=$SECONDS wheel
  command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1 ||
    fail 69 'LibTorch comes from the package index by pip, which is missing here; right: python3 and python3-pip installed, or cmake -DFLOWRUN_TORCH=DIR with a LibTorch of yours, or -DFLOWRUN_TORCH=OFF'
  [ "$(uname -m)" = x86_64 ] || fail 69 "there is no LibTorch of this kind for $(uname -m); right: cmake -DFLOWRUN_TORCH=DIR with one of yours"
  work=$(mktemp -d "$(cache_folder)/torch.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  log=$work/pip.log
  say "fetching LibTorch $version (once, into the cache)"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    --python-version 3.11 --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 \
    --platform manylinux_2_17_x86_64 --no-cache-dir --dest "$work/wheels" -r "$wheels" >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail 69 'LibTorch was not downloaded; right: a network on which pip works'
  }
  cd "$work"
  for wheel in wheels/*.whl; do unpack "$wheel"; done
  chmod -R u=rwX,go=rX root
  mv -T root "$folder" 2>/dev/null || [ -d "$folder" ] || fail 74 "cannot write $folder"
  say "LibTorch $version: $(du -sm wheels | cut -f1) MB fetched, $(du -sm "$folder" | cut -f1) MB kept, $((SECONDS - start)) s"
}

[ -d "$folder" ] || fetch
printf '%s\n' "$folder"
