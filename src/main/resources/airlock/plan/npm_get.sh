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

# what earlier runs left may be anything: after this there are only directories and files
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
find -P "$folder" -mindepth 1 ! -type d ! -type f -delete
rm -rf "${folder:?}"/.npm_get.*
work=$(mktemp -d "$folder/.npm_get.XXXXXX")
trap 'rm -rf "$work"' EXIT
# a copy, so that a message of the parser's can't name what is not there any more
cp -- "$source/$lock" "$work/lock"
python3 -I -c "$parser" "$work/lock" "$mirror" >"$work/wanted" || exit 1

is_right() {
  [ -f "$1" ] && [ "$("${2}sum" <"$1" | cut -d' ' -f1)" = "$3" ]
}

# keep FILE KEY
keep() {
  local place=$folder/$2.tgz
  if [ -d "$place" ]; then rm -rf "$place"; fi
  if ! mkdir -p "${place%/*}" 2>/dev/null; then
    # a file of an earlier lock file is where a directory is now
    local part=$folder
    local -a parts
    IFS=/ read -ra parts <<<"$2"
    for name in "${parts[@]}"; do
      part+=/$name
      if [ -f "$part" ]; then rm -f "$part"; fi
    done
    mkdir -p "${place%/*}"
  fi
  chmod 644 "$1"
  mv -fT "$1" "$place"
}

all=0
missing=()
: >"$work/list"
while IFS=$'\t' read -r algorithm sum url key; do
  all=$((all + 1))
  if is_right "$folder/$key.tgz" "$algorithm" "$sum"; then continue; fi
  missing+=("$algorithm"$'\t'"$sum"$'\t'"$url"$'\t'"$key")
  printf 'url = "%s"\noutput = "%s"\n' "$url" "$work/${#missing[@]}" >>"$work/list"
done <"$work/wanted"
echo "npm_get: $all packages, $((all - ${#missing[@]})) of them there already, with the right checksum"

# Most come over a few connections; whatever does not is asked for once more by itself, with patience.
if [ ${#missing[@]} -gt 1 ]; then
  curl -q --silent --fail --globoff --location --max-redirs 10 --proto '=http,https' --proto-redir "$(onward "$mirror")" \
    --parallel --parallel-max 8 --connect-timeout 30 --speed-limit 1 --speed-time 60 --config "$work/list" || true
fi
for i in "${!missing[@]}"; do
  IFS=$'\t' read -r algorithm sum url key <<<"${missing[i]}"
  got=$work/$((i + 1))
  if ! is_right "$got" "$algorithm" "$sum"; then
    download "$key" "$url" ''
    got=$work/part
    [ -f "$got" ] || : >"$got"
    is_right "$got" "$algorithm" "$sum" || fail "$key: what $url has is not what the lock file says ($algorithm); not kept"
  fi
  keep "$got" "$key"
  echo "$key.tgz: $algorithm is right"
done
