#!/usr/bin/env bash
# Prints lines, files and types of each package below src/main/java, and their change since a commit.
# usage: deploy/size.sh [COMMIT]   without one: since the newest tag, else since the first commit
# A type is a class, record, interface or enum, nested ones included. The last rows are the tests and the guest program.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -le 1 ] || { echo "usage: deploy/size.sh [COMMIT]" >&2 && exit 2; }
since=${1:-$(git describe --tags --abbrev=0 2>/dev/null || git rev-list --max-parents=0 HEAD)}
git rev-parse -q --verify "$since^{commit}" >/dev/null || { echo "size: '$since' is no commit of this repository" >&2 && exit 2; }
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
git archive "$since" src | tar -xf - -C "$before"

# measure WHEN FOLDER: prints «package WHEN lines files types» for each file's package.
measure() {
  (cd "$2" && find src -type f \( -path 'src/main/java/*.java' -o -path 'src/test/java/*.java' -o -path 'src/main/guest/*' \) -print0 |
    xargs -0 awk -v when="$1" '
      FNR == 1 {
        group = FILENAME
        if (sub(/^src\/main\/java\/airlock\//, "", group)) { if (!sub(/\/[^\/]*$/, "", group)) group = "(root)" }
        else if (sub(/^src\/test\/.*/, "", group)) group = "~tests"
        else group = "~guest"
        gsub(/\//, ".", group)
        files[group]++
      }
      { lines[group]++ }
      /^ *((public|private|protected|static|final|sealed|non-sealed|abstract|strictfp) )*(class|record|interface|enum) [A-Z]/ { types[group]++ }
      END { for (group in lines) print group, when, lines[group], files[group], types[group] + 0 }')
}

{ measure was "$before"; measure now .; } |
  awk '{ print } $1 !~ /^~/ { $1 = "}all"; print }' | sort -k1,1 |
  awk -v since="$(git rev-parse --short "$since")" '
    function row() {
      if (name == "") return
      sub(/^[~}]/, "", name)
      printf "%-14s %8d %+8d %8d %+8d %8d %+8d\n", name, now[3], now[3] - was[3], now[4], now[4] - was[4], now[5], now[5] - was[5]
    }
    BEGIN { printf "%-14s %17s %17s %17s   with the change since %s\n", "package", "lines", "files", "types", since }
    $1 != name { row(); name = $1; split("", now); split("", was); key = $1 }
    { for (i = 3; i <= 5; i++) if ($2 == "now") now[i] += $i; else was[i] += $i; name = $1 }
    END { row() }'
