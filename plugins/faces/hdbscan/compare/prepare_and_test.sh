#!/usr/bin/env bash
# prepare_and_test.sh HDBSCAN_FILE: python_hdbscan_test.py with the Python it needs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$(bash "$here/prepare_python.sh" | tail -n 1)
exec "$python" -B "$here/python_hdbscan_test.py" "$@"
