#!/usr/bin/env bash
# prepare_and_read.sh: found_read_back.py with the Python it needs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$(bash "$here/prepare_coco_python.sh" | tail -n 1)
exec "$python" -B "$here/found_read_back.py" "$@"
