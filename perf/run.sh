#!/usr/bin/env bash
# Builds the benchmarks and measures: perf/run.sh [overhead|start|lighting|batches ...]; all four by default. Writes
# perf/results/*.md. Takes about 25 minutes on a machine that should do nothing else; never part of the tests.
set -euo pipefail
for what in "$@"; do
  case $what in
    overhead | start | lighting | batches) ;;
    *) echo "perf/run.sh: '$what' is no benchmark; they are: overhead start lighting batches" >&2; exit 64 ;;
  esac
done
cd "$(dirname "$0")/.."
bash tests/tools/install_packages.sh
samples=$(bash tests/tools/sample_media.sh | tail -n 1)
cmake --preset release -DFLOWRUN_PERF=ON >/dev/null
cmake --build build/release --target flowrun_tool flowrun_plugins overhead batches bare_lighting flowrun_plugin_pass
cache="${XDG_CACHE_HOME:-$HOME/.cache}/flowrun"
mkdir -p perf/results "$cache"
for part in "${@:-overhead start batches lighting}"; do
  for what in $part; do
    case $what in
      overhead) build/release/bin/overhead build/release/perf_plugins perf/results/overhead.md ;;
      batches) build/release/bin/batches perf/results/batches.md ;;
      start) python3 perf/start.py build/release/bin/flowrun perf/results/start.md ;;
      lighting)
        if [ ! -x "$cache/perf-venv/bin/python" ]; then
          command -v python3 >/dev/null && python3 -m venv "$cache/perf-venv" ||
            { echo "perf: python3-venv is missing: apt-get install python3-venv" >&2; exit 69; }
          "$cache/perf-venv/bin/pip" install --quiet opencv-python-headless numpy
        fi
        "$cache/perf-venv/bin/python" perf/lighting.py --flowrun build/release/bin/flowrun \
          --bare build/release/bin/bare_lighting --source "$samples" --work "$cache/perf-lighting"
        ;;
    esac
  done
done
