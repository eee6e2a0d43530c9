#!/bin/bash
# In a VM: fetches a file, which gets its name when all of it is there and right.
# usage: http_get.sh FOLDER NAME URL SHA256 MOST_BYTES   (the last two may be empty)
set -euo pipefail

folder=$1
name=$2
url=$3
sum=$4
most=$5
file=$folder/$name

fail() {
  echo "http_get: $1" >&2
  exit 1
}

sum_of() {
  sha256sum <"$1" | cut -d' ' -f1
}

. ./download.sh

command -v curl >/dev/null || fail "$name: the image has no curl"
# what earlier runs left may be anything
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
if [ -L "$file" ] || [ ! -f "$file" ]; then rm -rf "$file"; fi
if [ -n "$sum" ] && [ -f "$file" ] && [ "$(sum_of "$file")" = "$sum" ]; then
  echo "$name: there already, with the right checksum"
  exit 0
fi
work=$(mktemp -d "$folder/.http_get.XXXXXX")
trap 'rm -rf "$work"' EXIT
since=()
if [ -f "$file" ] && [ -z "$sum" ]; then
  since=(--header "If-Modified-Since: $(date -u -r "$file" '+%a, %d %b %Y %H:%M:%S GMT')")
fi
status=
download "$name" "$url" "$most" "${since[@]}"

case $status in
  304)
    if [ ! -f "$file" ] || [ -s "$work/part" ]; then fail "$name: the server answered 304 without being asked"; fi
    echo "$name: not changed since $(date -u -r "$file" '+%F %T')"
    exit 0
    ;;
  200 | 206) ;;
  *) fail "$name: the server answered $status" ;;
esac
[ -f "$work/part" ] || : >"$work/part"
size=$(stat -c %s "$work/part")
[ -z "$most" ] || [ "$size" -le "$most" ] || fail "$name: $size bytes, larger than $most"
got=$(sum_of "$work/part")
[ -z "$sum" ] || [ "$got" = "$sum" ] || fail "$name: its checksum is $got and not $sum; not kept"
chmod 644 "$work/part"
mv -fT "$work/part" "$file"
echo "$name: $size bytes, sha256 $got"
