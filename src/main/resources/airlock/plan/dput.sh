#!/bin/bash
# In a VM: uploads the one .changes file of the first folder that has any.
# usage: dput.sh OWN_CONFIGURATION TARGET FOLDER…
# OWN_CONFIGURATION is a dput.cf that may be there; else stdin has one, or nothing.
set -euo pipefail

own=$1
target=$2
shift 2

fail() {
  echo "dput: $1" >&2
  exit 1
}

command -v dput >/dev/null || fail "the image has no dput"
changes=()
for folder in "$@"; do
  [ ${#changes[@]} -gt 0 ] || [ ! -d "$folder" ] ||
    mapfile -d '' changes < <(find "$folder" -type f -name '*.changes' -print0 | sort -z)
done
case ${#changes[@]} in
  0) fail "no .changes file below $*" ;;
  1) ;;
  *) fail "more than one .changes file: ${changes[*]}" ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -e "$own" ]; then
  cat >/dev/null
  configuration=$own
else
  cat >"$work/dput.cf"
  configuration=$work/dput.cf
  [ -s "$configuration" ] ||
    fail "nothing says where $target is: there is no $own, and repositories[].targets.dput has only a name"
fi
dput -d -c "$configuration" "$target" "${changes[0]}"
