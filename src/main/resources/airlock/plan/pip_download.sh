#!/bin/bash
# In a VM: fetches what a file of requirements of Python's names to FOLDER, without what that depends on.
# usage: pip_download.sh FOLDER SOURCE FILE SDISTS MIRROR PARSER   (SDISTS is `true` where source archives are wanted too)
# PARSER is a program for python3, which reads the file. pip gets its copy, and nothing else of SOURCE.
set -euo pipefail

folder=$1
source=$2
file=$3
sdists=$4
mirror=$5
parser=$6

fail() {
  echo "pip_download: $1" >&2
  exit 1
}

command -v python3 >/dev/null || fail "the image has no python3"
python3 -I -c 'import pip' 2>/dev/null || fail "the image's python3 has no pip"

# what earlier runs left may be anything: after this there are only files
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
find -P "$folder" -mindepth 1 -maxdepth 1 ! -type f -exec rm -rf {} +
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -I -c "$parser" "$source" "$file" >"$work/requirements.txt" || exit 1
if ! grep -q '[^[:space:]]' "$work/requirements.txt"; then
  echo "pip_download: $file names nothing"
  exit 0
fi

options=(--disable-pip-version-check --no-input --no-color --progress-bar off --retries 5 --timeout 60)
options+=(--cache-dir "$work/cache" --no-deps --dest "$folder" --index-url "$mirror" --requirement requirements.txt)
[ "$sdists" = true ] || options+=(--only-binary :all:)
# who names a mirror without TLS means it
case $mirror in
  [hH][tT][tT][pP]://*)
    host=${mirror#*://}
    options+=(--trusted-host "${host%%/*}")
    ;;
esac
cd "$work"
export PIP_CONFIG_FILE=/dev/null

# pip itself asks again after 5xx and refused connections, but not after one that was cut in the middle of a file.
tries=3
wait=1
for ((try = 1; ; try++)); do
  { python3 -I -m pip --isolated download "${options[@]}" 2>&1 1>&3 | tee "$work/errors" >&2; } 3>&1 && break
  if [ "$try" -ge "$tries" ] || grep -qE 'DO NOT MATCH THE HASHES|HTTP error 4(04|10)|No matching distribution|require-hashes' "$work/errors"; then
    fail "pip could not fetch all that $file names"
  fi
  echo "pip_download: try $try of $tries failed, the next in $wait s" >&2
  sleep "$wait"
  wait=$((wait * 2))
done
