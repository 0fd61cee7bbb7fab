#!/usr/bin/env bash
# tests/run.sh [--all] [--no-install]: installs what is missing, builds (g++, optimised) and runs the fast tests.
#   --all         also clang, the sanitizers, kills, planted bugs, the long tests and the style check
#   --no-install  takes the machine as it is
# Everything is run even after a failure; the last line is `N passed, N failed`, and the exit status is 1 if any failed.
set -euo pipefail
# shellcheck source=tests/tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tools/common.sh"

results=$root/build/results # one junit file per configuration and label
all=false
install=true
tests_prefix=(env)          # what ctest runs under
failures=()                 # names of failed steps that are not tests of ctest
failed_tests=false
timing=()

step() { # step NAME COMMAND...: runs it, notes its seconds; a failure is returned and stops nothing
  local name=$1 start=$SECONDS status=0
  shift
  say "== $name"
  "$@" || status=$?
  timing+=("$(printf '%6d s  %s%s' $((SECONDS - start)) "$name" "$([ $status -eq 0 ] || echo '  FAILED')")")
  [ $status -eq 0 ] || say "== FAILED: $name"
  return $status
}

check_step() { # a step that counts as one failed test when it fails
  step "$@" || {
    failures+=("$1")
    return 1
  }
}

build_preset() { configure "$1" && build "$1"; }

count_tests() { (cd "$root" && ctest --preset "$1" -N -L "^$2\$") | sed -n 's/^Total Tests: //p'; }

run_tests() { # run_tests PRESET LABEL
  (cd "$root" && "${tests_prefix[@]}" ctest --preset "$1" -L "^$2\$" --output-junit "$results/$1-$2.xml")
}

test_preset() { # test_preset PRESET LABEL
  local name="tests $1 ($2)" found
  found=$(count_tests "$1" "$2") || found=0
  if [ "${found:-0}" -eq 0 ]; then
    say "== $name: no test carries the label '$2'"
    [ "$2" = long ] || failures+=("$name: none found")  # the first long tests come with videos
    return 0
  fi
  step "$name" run_tests "$1" "$2" || {
    failed_tests=true
    [ -e "$results/$1-$2.xml" ] || failures+=("$name")
  }
}

source_files() {
  git ls-files -co --exclude-standard '*.hpp' '*.cpp' 2>/dev/null || find core plugins sdk examples tests perf -name '*.[hc]pp'
}

check_style() {
  local wrong
  wrong=$(cd "$root" && source_files | xargs -r -n 50 clang-format-14 --style=file --dry-run 2>&1 |
    sed -nE 's/^([^:]+):[0-9]+:[0-9]+: .*|^(.*(error|not found).*)/\1\2/p' | sort -u)
  [ -n "$wrong" ] || return 0
  say "not in the style of .clang-format (right: clang-format-14 -i FILE):" $'\n'"$wrong"
  return 1
}

release() {
  check_step 'build release' build_preset release || return 0
  test_preset release fast
}

clang() {
  check_step 'build clang' build_preset clang || return 0
  test_preset clang fast
}

asan() {
  check_step 'build asan' build_preset asan || return 0
  test_preset asan fast
}

# Only what is run there: the tests with that label, which are programs of the same name.
build_tsan() {
  local names
  configure tsan || return
  mapfile -t names < <(cd "$root" && ctest --preset tsan -N -L '^tsan$' | sed -nE 's/^ *Test +#[0-9]+: //p')
  [ ${#names[@]} -gt 0 ] && build tsan "${names[@]}"
}

tsan_library() { tsan_tbb=$("$tools/tsan_tbb.sh" g++); }

# The thread sanitizer dies on kernels that spread addresses widely; setarch -R, where allowed, avoids that.
tsan() {
  local fixed=()
  if setarch -R true 2>/dev/null; then fixed=(setarch -R); fi
  check_step 'libtbb for tsan' tsan_library || return 0
  check_step 'build tsan' build_tsan || return 0
  tests_prefix=(env "LD_LIBRARY_PATH=$tsan_tbb${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" ${fixed[@]+"${fixed[@]}"})
  test_preset tsan tsan
  tests_prefix=(env)
}

release_slow() {
  local label
  [ -e "$root/build/release/CTestTestfile.cmake" ] || return 0
  for label in kill planted long; do test_preset release "$label"; done
}

summary() {
  local cases passed failed text
  cases=$("$tools/summarize_tests.sh" "$results")
  passed=$(awk -F'\t' '$2 == "run" { n++ } END { print n + 0 }' <<<"$cases")
  failed=$(awk -F'\t' '$2 == "fail" { n++ } END { print n + 0 }' <<<"$cases")
  if $all; then
    printf '\nThe ten slowest tests:\n'
    "$tools/summarize_tests.sh" --slowest 10 "$results"
  fi
  printf '\nSteps:\n'
  printf '%s\n' ${timing[@]+"${timing[@]}"}
  printf '%6d s  in all\n\n' "$SECONDS"
  awk -F'\t' '$2 == "notrun" || $2 == "disabled" { printf "skipped: %s: %s\n", $3, $4 }
              $2 == "fail" { printf "failed: %s: %s\n", $3, $4 }' <<<"$cases"
  for text in ${failures[@]+"${failures[@]}"}; do printf 'failed: %s\n' "$text"; done
  failed=$((failed + ${#failures[@]}))
  # ctest may fail for a reason that no test bears
  if $failed_tests && [ "$failed" -eq 0 ]; then failed=1; fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

read_arguments() {
  local argument
  for argument in "$@"; do
    case $argument in
      --all) all=true ;;
      --no-install) install=false ;;
      *) fail 64 "unknown argument '$argument'; right: --all, --no-install" ;;
    esac
  done
}

main() {
  local kind=
  read_arguments "$@"
  use_ccache
  rm -rf "$results"
  mkdir -p "$results"
  if $all; then kind=all; fi
  if $install; then
    step packages "$tools/install_packages.sh" ${kind:+"$kind"} || fail 69 'the packages above are needed; nothing was built'
  fi
  if step 'sample pictures' sample_media; then :; else failures+=('sample pictures'); fi
  if step LibTorch "$root/plugins/torch/tools/fetch_torch.sh" >/dev/null; then :; else failures+=(LibTorch); fi
  release
  if $all; then
    check_step style check_style || true
    clang
    asan
    tsan
    release_slow
  fi
  summary
}

# The tests find the pictures by this variable.
sample_media() { FLOWRUN_SAMPLES=$("$tools/sample_media.sh") && export FLOWRUN_SAMPLES; }

main "$@"
