# What the scripts share: places, messages, the packages step, a build. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # for those who source this
tools=$root/tests/tools

say() { printf '%s\n' "$*" >&2; }
fail() { # fail CODE MESSAGE...
  local code=$1
  shift
  say "${0##*/}: $*"
  exit "$code"
}

cache_folder() {
  local base=${XDG_CACHE_HOME:-}
  if [ -z "$base" ]; then
    [ -n "${HOME:-}" ] || fail 69 'no place for downloads: neither XDG_CACHE_HOME nor HOME is set. Set one of them'
    base=$HOME/.cache
  fi
  mkdir -p "$base/flowrun" || fail 69 "cannot create $base/flowrun. Set XDG_CACHE_HOME to a folder you may write"
  (cd "$base/flowrun" && pwd)
}

# Another clone of the repository finds the same objects: paths under the clone are hashed relative to it.
use_ccache() {
  CCACHE_DIR=${CCACHE_DIR:-$(cache_folder)/ccache}
  CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-4G}
  CCACHE_BASEDIR=$root
  CCACHE_NOHASHDIR=1
  CCACHE_SLOPPINESS=pch_defines,time_macros
  export CCACHE_DIR CCACHE_MAXSIZE CCACHE_BASEDIR CCACHE_NOHASHDIR CCACHE_SLOPPINESS
}

job_count() { printf '%s\n' "${FLOWRUN_JOBS:-$(nproc)}"; }

configure() { # configure PRESET
  (cd "$root" && cmake --preset "$1" >/dev/null)
}

build() { # build PRESET [TARGET...]; shows its progress on a terminal only
  local preset=$1 targets=() quiet=(-- --quiet)
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  if [ -t 2 ]; then quiet=(); fi
  (cd "$root" && cmake --build "build/$preset" --parallel "$(job_count)" ${targets[@]+"${targets[@]}"} \
    ${quiet[@]+"${quiet[@]}"} >&2)
}

# apt with its own copy of this machine's sources, lists and cache: works without root and changes nothing under /etc
# or /var. Sets the array `apt_own`. KIND: deb or deb-src.
own_apt() {
  local kind=$1 place file
  place=$(cache_folder)/apt/$kind
  mkdir -p "$place/sources.list.d" "$place/lists/partial" "$place/cache/archives/partial"
  : >"$place/sources.list"
  rm -f "$place"/sources.list.d/*
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$file" ] || continue
    sed -nE "s/^[[:space:]]*deb([[:space:]])/$kind\1/p" "$file" >>"$place/sources.list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    sed -E "s/^Types:.*/Types: $kind/I" "$file" >"$place/sources.list.d/${file##*/}"
  done
  apt_own=(apt-get -q -o "Dir::Etc::SourceList=$place/sources.list" -o "Dir::Etc::SourceParts=$place/sources.list.d"
    -o "Dir::State::Lists=$place/lists" -o "Dir::Cache=$place/cache" -o APT::Sandbox::User= -o Acquire::Retries=3)
  # A foreign source that does not answer must not stop us: the download that follows says what is missing.
  "${apt_own[@]}" update >"$place/update.log" 2>&1 || true
}
