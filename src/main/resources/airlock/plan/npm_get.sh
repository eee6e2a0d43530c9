#!/bin/bash
# In a VM: fetches all packages of a lock file of npm's, each to FOLDER/KEY.tgz, where KEY is its key in that file.
# usage: npm_get.sh FOLDER SOURCE MIRROR PARSER
# PARSER is a program for python3, which reads the lock file. Nothing else of SOURCE is looked at, and npm is not run.
set -euo pipefail

folder=$1
source=$2
mirror=$3
parser=$4
largest=$((64 << 20))

fail() {
  echo "npm_get: $1" >&2
  exit 1
}

. ./download.sh
. ./checked.sh

for program in curl python3; do
  command -v "$program" >/dev/null || fail "the image has no $program"
done
lock=npm-shrinkwrap.json
if [ ! -e "$source/$lock" ] && [ ! -L "$source/$lock" ]; then lock=package-lock.json; fi
if [ ! -f "$source/$lock" ] || [ -L "$source/$lock" ]; then
  fail "the repository's directory has neither npm-shrinkwrap.json nor package-lock.json as a file"
fi
[ "$(stat -c %s "$source/$lock")" -le "$largest" ] || fail "$lock is larger than $largest bytes"
echo "npm_get: $lock"

tidy "$folder"
rm -rf "${folder:?}"/.npm_get.*
work=$(mktemp -d "$folder/.npm_get.XXXXXX")
trap 'rm -rf "$work"' EXIT
# a copy, so that a message of the parser's can't name what is not there any more
cp -- "$source/$lock" "$work/lock"
python3 -I -c "$parser" "$work/lock" "$mirror" >"$work/wanted" || exit 1
fetch_checked npm_get "$folder" "$mirror" "the lock file"
