#!/usr/bin/env bash
# gpu.sh: categories on an NVIDIA GPU: images/s, how busy it is, its peak memory; beside the bare session in PyTorch.
#   perf/gpu.sh pack   on the machine where flowrun is built: puts all but PyTorch, prebuilt, into build/gpu (50 MiB at most)
#   perf/gpu.sh        where the GPU and PyTorch are, with build/gpu and plugins/torch: builds that plugin, and measures
# Elsewhere it says that there is no GPU, and measures nothing. Frames are raw: no codec has to be there.
set -euo pipefail
cd "$(dirname "$0")/.."
kit=$PWD/build/gpu
fail() { echo "perf/gpu.sh: $*" >&2; exit 69; }

pack() {
  local models=${XDG_CACHE_HOME:-$HOME/.cache}/flowrun/models plugin video
  [ -e "$models/efficientnet-lite0.pt" ] || fail 'there is no efficientnet-lite0; flowrun models fetch efficientnet-lite0'
  cmake --preset release -DFLOWRUN_PERF=ON >/dev/null
  cmake --build build/release --target flowrun_tool flowrun_describe flowrun_plugin_model flowrun_plugin_raw
  rm -rf "$kit" && mkdir -p "$kit"/{plugins,libraries,models}
  for part in core sdk; do cmake --install build/release --prefix "$kit" --component $part --strip >/dev/null; done
  cp build/release/plugins/model.* build/release/perf_plugins/raw.* "$kit/plugins" 2>/dev/null || true
  rm -rf "$kit"/plugins/*/
  for plugin in model raw; do [ -e "$kit/plugins/$plugin.plugin.json" ] || fail "$plugin was not built"; done
  # All but what belongs to the system's C and C++.
  ldd build/release/bin/flowrun build/release/bin/flowrun-describe | awk '$3 ~ /^\// {print $3}' | sort -u |
    grep -Ev '/lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s|flowrun)\.so' | xargs cp -Lt "$kit/libraries"
  cp "$models"/{efficientnet-lite0.pt,imagenet-1k.txt} "$kit/models"
  grep -v '{for: cpu' "$models/efficientnet-lite0.yaml" >"$kit/models/efficientnet-lite0.yaml"
  video=$(bash tests/tools/sample_media.sh | tail -n 1)/vtest.avi
  ffmpeg -nostdin -v error -i "$video" -frames:v 6 -pix_fmt bgr24 -f rawvideo "$kit/frames.bgr"
  local size
  size=$(du -sm "$kit" | cut -f1)
  [ "$size" -le 50 ] || fail "$kit has $size MiB, more than 50"
  echo "$kit: $size MiB"
}

build() { # against the PyTorch that is there
  torch=$(python3 -c 'import torch; print(torch.__path__[0])') || fail 'python3 has no torch here'
  mkdir -p "$kit/source"
  cat >"$kit/source/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.20)
project(torch_plugin CXX)
include(GNUInstallDirs)
find_package(flowrun REQUIRED COMPONENTS sdk)
function(flowrun_add_test)
endfunction()
set(FLOWRUN_PLUGIN_OUTPUT $kit/plugins)
add_subdirectory($PWD/plugins/torch torch)
CMAKE
  cmake -S "$kit/source" -B "$kit/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$kit" -DFLOWRUN_TORCH="$torch" >/dev/null
  cmake --build "$kit/build" -j
}

measure() {
  cat >"$kit/graph.yaml" <<GRAPH
flowrun: 1
stages:
  media: {use: raw.frames, params: {path: $kit/frames.bgr, count: 20000}}
  what: {use: model.classify, in: media.image, model: efficientnet-lite0}
keep: [what]
GRAPH
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
  python3 -c 'import torch; print("torch", torch.__version__)'
  echo '| precision | batch | bare session, images/s | flowrun, images/s | flowrun / bare | GPU busy | peak VRAM, MiB |'
  echo '| --- | --- | --- | --- | --- | --- | --- |'
  local precision batch
  for precision in fp32 fp16; do
    for batch in 32 128 512; do
      "$kit/bin/flowrun" run "$kit/graph.yaml" --fresh -o "$kit/run" --plugins "$kit/plugins" --models "$kit/models" \
        --device cuda:0 --set "what.precision=$precision" --set "what.batch=$batch" >"$kit/log" 2>&1 || { tail -n 5 "$kit/log" >&2; fail 'the run failed'; }
      python3 - "$kit" "$precision" "$batch" <<'PYTHON'
import json, sys, time, torch
kit, precision, batch = sys.argv[1], sys.argv[2], int(sys.argv[3])
kind = torch.float16 if precision == "fp16" else torch.float32
net = torch.jit.load(kit + "/models/efficientnet-lite0.pt").eval().to("cuda", kind).to(memory_format=torch.channels_last)
rows = torch.randn(batch, 3, 224, 224).pin_memory()
def call():  # copies in and out are part of it, as in flowrun
    x = rows.to("cuda", non_blocking=True).to(kind).contiguous(memory_format=torch.channels_last)
    return [t.float().cpu() for t in net(x)]
with torch.inference_mode():
    for _ in range(5): call()
    begin, calls = time.perf_counter(), 0
    while time.perf_counter() - begin < 5: call(); calls += 1
    bare = calls * batch / (time.perf_counter() - begin)
report = json.load(open(kit + "/run/report.json"))
card, own = report["devices"][0], report["items_per_second"]
busy = f"{card['gpu_busy']:.2f}" if card["gpu_busy"] >= 0 else "not told"
print(f"| {precision} | {batch} | {bare:.0f} | {own:.0f} | {own / bare:.2f} | {busy} | {card['peak_used'] / 2**20:.0f} |")
PYTHON
    done
  done
}

case ${1:-} in
  pack) pack ;;
  '')
    nvidia-smi -L >/dev/null 2>&1 || { echo 'perf/gpu.sh: there is no NVIDIA GPU here (nvidia-smi -L does not answer), so nothing is measured'; exit 0; }
    [ -d "$kit/plugins" ] || fail "$kit is not there; perf/gpu.sh pack makes it where flowrun is built"
    export LD_LIBRARY_PATH=$kit/libraries:$kit/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    build && measure
    ;;
  *) echo "perf/gpu.sh: '$1' is not what it takes; right: nothing, or pack" >&2; exit 64 ;;
esac
