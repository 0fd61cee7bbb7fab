#!/usr/bin/env bash
# Builds the benchmarks and measures: perf/run.sh [overhead|start|lighting|motion|batches|categories|faces|hdbscan ...]; all by default.
# Writes perf/results/*.md. Takes about 70 minutes on a machine that should do nothing else; never part of the tests.
set -euo pipefail
for what in "$@"; do
  case $what in
    overhead | start | lighting | motion | batches | categories | faces | hdbscan) ;;
    *) echo "perf/run.sh: '$what' is no benchmark; they are: overhead start lighting motion batches categories faces hdbscan" >&2; exit 64 ;;
  esac
done
cd "$(dirname "$0")/.."
bash tests/tools/install_packages.sh
samples=$(bash tests/tools/sample_media.sh | tail -n 1)
case " ${*:-categories} " in
  *" categories "* | *" faces "*) bash plugins/torch/tools/fetch_torch.sh >/dev/null ;; # the plugin is built only where it is
esac
cmake --preset release -DFLOWRUN_PERF=ON >/dev/null
cmake --build build/release --target flowrun_tool flowrun_plugins overhead batches bare_lighting bare_motion \
  bare_categories bare_faces hdbscan_file fma_peak flowrun_plugin_pass
cache="${XDG_CACHE_HOME:-$HOME/.cache}/flowrun"
mkdir -p perf/results "$cache"
python="$cache/perf-venv/bin/python"

prepare_python() { # with OpenCV and numpy, for the rivals in Python
  [ -x "$python" ] && return 0
  command -v python3 >/dev/null && python3 -m venv "$cache/perf-venv" ||
    { echo "perf: python3-venv is missing: apt-get install python3-venv" >&2; exit 69; }
  "$cache/perf-venv/bin/pip" install --quiet opencv-python-headless numpy
}

prepare_model() { # efficientnet-lite0, once, and compiled for this machine
  local flowrun=build/release/bin/flowrun precision
  [ -e "$cache/models/efficientnet-lite0.pt" ] || "$flowrun" models fetch efficientnet-lite0
  for precision in fp32 bf16; do
    [ -e "$cache/models/efficientnet-lite0-$precision.pt2" ] ||
      "$flowrun" models compile efficientnet-lite0 --precision "$precision"
  done
}

prepare_face_models() { # once; those of LibTorch are compiled for this machine
  local name flowrun=build/release/bin/flowrun
  for name in centerface centerface-torch dlib-face; do
    [ -e "$cache/models/$name.yaml" ] || "$flowrun" models fetch "$name"
    [ $name = centerface ] || [ -e "$cache/models/$name-fp32.pt2" ] || "$flowrun" models compile "$name" --precision fp32
  done
}

for part in "${@:-overhead start batches motion lighting categories faces hdbscan}"; do
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
      categories)
        prepare_model
        torch_python=$(bash plugins/torch/tools/python_env.sh opencv-python-headless torchvision)
        "$torch_python" perf/categories.py --flowrun build/release/bin/flowrun \
          --bare build/release/bin/bare_categories --plugin build/release/plugins/torch.so --models "$cache/models" \
          --source "$samples" --work "$cache/perf-categories"
        ;;
      faces)
        prepare_face_models
        torch_python=$(bash plugins/torch/tools/python_env.sh opencv-python-headless hdbscan)
        "$torch_python" perf/faces.py --flowrun build/release/bin/flowrun --bare build/release/bin/bare_faces \
          --plugins build/release/plugins --models "$cache/models" --source "$samples" --work "$cache/perf-faces"
        ;;
    esac
  done
done
