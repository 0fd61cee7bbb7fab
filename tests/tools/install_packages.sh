#!/usr/bin/env bash
# install_packages.sh [all]: installs the Debian packages needed to build and test that are missing here; `all` adds
# what the sanitizers, clang and the style check need. Without root: names the missing packages, exit 69.
set -euo pipefail
# shellcheck source=tests/tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

packages=(g++ cmake ninja-build ccache mold pkg-config libtbb-dev libopencv-core-dev libopencv-imgproc-dev
  libopencv-imgcodecs-dev libopencv-video-dev libopencv-dnn-dev libavformat-dev libavcodec-dev libswscale-dev libavutil-dev
  libyaml-cpp-dev libboost-dev libspdlog-dev doctest-dev libcli11-dev nlohmann-json3-dev
  libxxhash-dev libsqlite3-dev libssl-dev libzip-dev python3 python3-pil python3-pip python3-venv ffmpeg)
packages_all=(clang-14 libclang-rt-14-dev clang-format-14 util-linux dpkg-dev)

missing() {
  local package
  for package in "$@"; do
    case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true) in
      ii*) ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

quiet_apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"; }

install_now() {
  quiet_apt update && quiet_apt install --yes --no-install-recommends "$@"
}

main() {
  local wanted=("${packages[@]}") lacking log start=$SECONDS
  case ${1:-} in
    '') ;;
    all) wanted+=("${packages_all[@]}") ;;
    *) fail 64 "unknown argument '$1'; right: nothing, or 'all'" ;;
  esac
  { command -v dpkg-query && command -v apt-get; } >/dev/null ||
    fail 69 "this machine has no apt; needed are these packages of Debian 12 or their like: ${wanted[*]}"
  mapfile -t lacking < <(missing "${wanted[@]}")
  [ ${#lacking[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "packages are missing and only root can install them. Let root run:"
    say "  apt-get update && apt-get install --no-install-recommends ${lacking[*]}"
    exit 69
  fi
  say "installing ${#lacking[@]} packages: ${lacking[*]}"
  log=$(mktemp)
  if ! install_now "${lacking[@]}" >"$log" 2>&1 && ! { sleep 5; install_now "${lacking[@]}" >"$log" 2>&1; }; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail 69 "apt-get could not install: ${lacking[*]}"
  fi
  rm -f "$log"
  say "installed in $((SECONDS - start)) s"
}

main "$@"
