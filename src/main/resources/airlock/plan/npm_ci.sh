#!/bin/bash
# In a VM, in the commit's files: installs what its lock file says, out of what npm_get has fetched.
# usage: npm_ci.sh FOLDER
set -euo pipefail

folder=$1

fail() {
  echo "npm_ci: $1" >&2
  exit 1
}

command -v npm >/dev/null || fail "the image has no npm"
[ -d "$folder/node_modules" ] || [ -n "$(find "$folder" -name '*.tgz' -print -quit 2>/dev/null)" ] ||
  echo "npm_ci: there is nothing in $folder: has pre_plan an action npm_get?" >&2

# npm finds a package by its checksum in its cache, and looks for nothing else when the lock file has one. Which kind of
# checksum that is, is not known here, so each package is there by all. What is in FOLDER stays as it is.
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
while IFS= read -r -d '' file; do
  for algorithm in sha512 sha384 sha256 sha1; do
    sum=$("${algorithm}sum" <"$file")
    place=$cache/_cacache/content-v2/$algorithm/${sum:0:2}/${sum:2:2}
    mkdir -p "$place"
    name=${sum:4}
    ln -f "$file" "$place/${name%% *}" 2>/dev/null || cp -- "$file" "$place/${name%% *}"
  done
done < <(find "$folder" -name '*.tgz' -type f -print0 2>/dev/null)

npm ci --offline --no-audit --no-fund --no-update-notifier --cache "$cache"
