#!/usr/bin/env bash
# tsan_tbb.sh [COMPILER]: builds Debian's libtbb.so.12 with -fsanitize=thread (the stock one makes about 290 false
# reports in 100 runs) and prints its folder, to stand first in LD_LIBRARY_PATH. Built once per compiler and version.
set -euo pipefail
# shellcheck source=tests/tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

compiler=${1:-g++}

fetch_source() { # fetch_source VERSION FOLDER: oneTBB's source, unpacked as FOLDER/onetbb
  own_apt deb-src
  (cd "$2" && "${apt_own[@]}" source --download-only "onetbb=$1" >apt.log 2>&1) || {
    tail -n 5 "$2/apt.log" >&2
    fail 69 "could not download Debian's source package onetbb=$1"
  }
  (cd "$2" && dpkg-source --no-check -x onetbb_*.dsc onetbb >dpkg.log 2>&1) || {
    tail -n 5 "$2/dpkg.log" >&2
    fail 69 "could not unpack Debian's source package onetbb=$1 (needs the package dpkg-dev)"
  }
}

compile() { # compile SOURCE OBJECTS
  local flags=(-std=c++17 -fsanitize=thread -O1 -g -fPIC -w -pthread -D__TBB_BUILD -D__TBB_DYNAMIC_LOAD_ENABLED=0
    -I"$1/include" -I"$1/src")
  [ "$(uname -m)" != x86_64 ] || flags+=(-mrtm -mwaitpkg)
  # shellcheck disable=SC2016
  find "$1/src/tbb" -name '*.cpp' -print0 |
    xargs -0 -P "$(job_count)" -I{} sh -c 'f=$1; o=$2/$(basename "$f").o; shift 2; exec "$@" -c "$f" -o "$o"' - {} "$2" \
      "$compiler" "${flags[@]}"
}

main() {
  local version folder work start=$SECONDS
  command -v "$compiler" >/dev/null || fail 69 "no compiler '$compiler' here; right: g++ or clang++-14"
  version=$(dpkg-query -W -f='${source:Version}' libtbb-dev 2>/dev/null) || fail 69 'the package libtbb-dev is missing'
  folder=$(cache_folder)/tsan-tbb-${compiler##*/}-$version
  if [ ! -e "$folder/libtbb.so.12" ]; then
    say "building libtbb $version with -fsanitize=thread ($compiler)"
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    fetch_source "$version" "$work"
    mkdir "$work/objects" "$work/lib"
    compile "$work/onetbb" "$work/objects"
    "$compiler" -fsanitize=thread -shared -Wl,-soname,libtbb.so.12 -o "$work/lib/libtbb.so.12" "$work"/objects/*.o \
      -pthread -ldl
    mv -T "$work/lib" "$folder" 2>/dev/null || [ -e "$folder/libtbb.so.12" ] || fail 74 "cannot write $folder"
    say "built in $((SECONDS - start)) s"
  fi
  printf '%s\n' "$folder"
}

main
