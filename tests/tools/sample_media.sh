#!/usr/bin/env bash
# sample_media.sh: fetches Debian's opencv-doc into the cache (no root, nothing installed) and prints the folder of its
# sample pictures. Fetched once; apt checks the package's hash.
set -euo pipefail
# shellcheck source=tests/tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

package=opencv-doc
media=$(cache_folder)/media
done_mark=$media/$package

data_folder() { find "$1" -type d -path '*/examples/data' -print -quit; }

download() { # into the current folder; with the machine's lists, else with fresh lists of our own
  apt-get -qq -o APT::Sandbox::User= -o Acquire::Retries=3 download "$package" >apt.log 2>&1 && return 0
  own_apt deb
  "${apt_own[@]}" download "$package" >>apt.log 2>&1
}

fetch() {
  local work
  command -v apt-get >/dev/null || fail 69 "this machine has no apt; the sample pictures come from Debian's $package"
  mkdir -p "$media"
  work=$(mktemp -d "$media/tmp.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  say "fetching the sample pictures (Debian's $package)"
  (cd "$work" && download) || {
    tail -n 5 "$work/apt.log" >&2
    fail 69 "could not download Debian's $package; right: a network on which apt-get works"
  }
  mkdir "$work/root"
  dpkg-deb -x "$work"/*.deb "$work/root"
  [ -n "$(data_folder "$work/root")" ] || fail 70 "Debian's $package has no folder examples/data any more"
  chmod 755 "$work/root"
  mv -T "$work/root" "$done_mark" 2>/dev/null || [ -d "$done_mark" ] || fail 74 "cannot write $done_mark"
}

[ -d "$done_mark" ] || fetch
data_folder "$done_mark"
