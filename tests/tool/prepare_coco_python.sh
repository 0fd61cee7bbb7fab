#!/usr/bin/env bash
# prepare_coco_python.sh: a Python below ~/.cache/flowrun that reads exports as their users do; prints its path. Needs
# python3-venv and, once, the network.
set -euo pipefail
venv="${XDG_CACHE_HOME:-$HOME/.cache}/flowrun/exports-venv"
wanted="pycocotools==2.0.11 numpy==2.4.6"
if [ "$(cat "$venv/wanted" 2>/dev/null || true)" != "$wanted" ]; then
  { command -v python3 >/dev/null && python3 -m venv "$venv"; } ||
    { echo "prepare_coco_python.sh: python3-venv is missing: apt-get install python3-venv" >&2; exit 69; }
  # shellcheck disable=SC2086  # one word each
  "$venv/bin/pip" install --quiet $wanted >&2 ||
    { echo "prepare_coco_python.sh: pip could not install: $wanted" >&2; exit 69; }
  echo "$wanted" >"$venv/wanted"
fi
echo "$venv/bin/python"
