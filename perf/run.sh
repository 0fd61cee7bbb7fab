#!/usr/bin/env bash
# Builds the benchmarks and measures: perf/run.sh [overhead|start|lighting|motion|batches|hdbscan ...]; all by default.
# Writes perf/results/*.md. Takes about 50 minutes on a machine that should do nothing else; never part of the tests.
set -euo pipefail
for what in "$@"; do
  case $what in
    overhead | start | lighting | motion | batches | hdbscan) ;;
    *) echo "perf/run.sh: '$what' is no benchmark; they are: overhead start lighting motion batches hdbscan" >&2; exit 64 ;;
  esac
done
cd "$(dirname "$0")/.."
bash tests/tools/install_packages.sh
samples=$(bash tests/tools/sample_media.sh | tail -n 1)
cmake --preset release -DFLOWRUN_PERF=ON >/dev/null
cmake --build build/release --target flowrun_tool flowrun_plugins overhead batches bare_lighting bare_motion \
  flowrun_plugin_pass hdbscan_file fma_peak
cache="${XDG_CACHE_HOME:-$HOME/.cache}/flowrun"
mkdir -p perf/results "$cache"
python="$cache/perf-venv/bin/python"

prepare_python() { # with OpenCV and numpy, for the rivals in Python
  [ -x "$python" ] && return 0
  command -v python3 >/dev/null && python3 -m venv "$cache/perf-venv" ||
    { echo "perf: python3-venv is missing: apt-get install python3-venv" >&2; exit 69; }
  "$cache/perf-venv/bin/pip" install --quiet opencv-python-headless numpy
}

for part in "${@:-overhead start batches motion lighting hdbscan}"; do
  for what in $part; do
    case $what in
      overhead) build/release/bin/overhead build/release/perf_plugins perf/results/overhead.md ;;
      batches) build/release/bin/batches perf/results/batches.md ;;
      start) python3 perf/start.py build/release/bin/flowrun perf/results/start.md ;;
      hdbscan)
        compare=$(bash plugins/faces/hdbscan/compare/prepare_python.sh | tail -n 1)
        "$compare" perf/hdbscan.py --program build/release/bin/hdbscan_file --peak build/release/bin/fma_peak \
          --work "$cache/perf-hdbscan"
        ;;
      lighting)
        prepare_python
        "$python" perf/lighting.py --flowrun build/release/bin/flowrun \
          --bare build/release/bin/bare_lighting --source "$samples" --work "$cache/perf-lighting"
        ;;
      motion)
        prepare_python
        "$python" perf/motion.py --flowrun build/release/bin/flowrun --bare build/release/bin/bare_motion \
          --plugins build/release/perf_plugins --source "$samples/vtest.avi" --work "$cache/perf-motion"
        ;;
    esac
  done
done
