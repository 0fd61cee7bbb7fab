#!/usr/bin/env bash
# examples/demo.sh [ARGUMENTS OF flowrun run]: installs what is missing, builds, and runs graphs/demo.yaml on the sample
# pictures of Debian's opencv-doc. With photos of your own:  examples/demo.sh --set input=/my/photos
set -euo pipefail
# shellcheck source=tests/tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/tools/common.sh"

# Paths stay relative where they can, so that what is printed can be typed.
at=$root/
if [ "$(pwd -P)" = "$(cd "$root" && pwd -P)" ]; then at=; fi
flowrun=${at}build/release/bin/flowrun
out=${at}runs/demo

build_demo() {
  say 'building (the first time takes some minutes)'
  { configure release && build release flowrun_tool flowrun_plugins; } || fail 70 'the build failed; the compiler says why above'
}

own_input() { # do the arguments name an input?
  local argument
  for argument in "$@"; do
    case $argument in input=* | --set=input=*) return 0 ;; esac
  done
  return 1
}

own_out() { # prints the run directory that the arguments name, if any
  while [ $# -gt 0 ]; do
    case $1 in
      -o | --out) printf '%s\n' "${2:-}" ;;
      --out=*) printf '%s\n' "${1#--out=}" ;;
      -o?*) printf '%s\n' "${1#-o}" ;;
    esac
    shift
  done | tail -n 1
}

explain_status() {
  case $1 in
    0) ;;
    3) say "exit status 3: some items failed, all others have their results. Which and why: $flowrun errors $out" ;;
    *) say "exit status $1; docs/ lists what each means" ;;
  esac
}

next_steps() {
  local results=$out/results.jsonl
  if [ -s "$results" ]; then
    printf '\nThe first of %d results (%s):\n' "$(wc -l <"$results")" "$results"
    head -n 1 "$results" | cut -c 1-600
  fi
  cat <<TEXT

Look next at
  $flowrun report $out
      what the run did, stage by stage
  ${at}graphs/demo.yaml
      the graph; every stage has one of its own beside it
  ${at}docs/
      the first graph, the graph file, errors, writing a stage of your own
  ${at}examples/demo.sh --set input=/my/photos -o runs/mine
      the same with photos of yours
TEXT
}

main() {
  local defaults=() own samples status=0
  "$tools/install_packages.sh"
  use_ccache
  build_demo
  if ! own_input "$@"; then
    samples=$("$tools/sample_media.sh")
    defaults+=(--set "input=$samples")
  fi
  own=$(own_out "$@")
  if [ -n "$own" ]; then out=$own; else defaults+=(-o "$out"); fi
  "$flowrun" run "${at}graphs/demo.yaml" ${defaults[@]+"${defaults[@]}"} "$@" || status=$?
  explain_status "$status"
  case $status in 0 | 3) next_steps ;; esac
  return "$status"
}

main "$@"
