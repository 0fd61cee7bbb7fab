#!/usr/bin/env bash
# tests/tools/summarize_tests.sh FOLDER: the tests of the junit files in FOLDER that ctest wrote, one line each:
# seconds, status (run, fail, notrun, disabled), configuration, name, with tabs between.
#   --slowest N  only the N that took longest, for people
# A test whose file is missing something it needs is a failure, unless the test itself asked to be skipped.
set -euo pipefail

junit_cases() {
  local file
  for file in "$1"/*.xml; do
    [ -e "$file" ] || continue
    awk -v where="$(basename "$file" .xml)" '
      function value(key) { return match($0, " " key "=\"[^\"]*\"") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4) : "" }
      function flush() { if (name != "") print time "\t" status "\t" where "\t" name; name = "" }
      /^[ \t]*<testcase / { flush(); name = value("name"); time = value("time"); status = value("status") }
      /^[ \t]*<skipped / && status == "notrun" && value("message") !~ /^SKIP_/ { status = "fail" }
      END { flush() }' "$file"
  done
}

# The last command reads to the end: `sort` is killed, and the script with it, when `head` leaves first.
slowest() {
  junit_cases "$2" | sort -rn | awk -F"\t" -v most="$1" 'NR <= most { printf "%8.1f s  %s: %s\n", $1, $3, $4 }'
}

if [ "${1:-}" = --slowest ]; then slowest "$2" "$3"; else junit_cases "$1"; fi
