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
tries=5

fail() {
  echo "http_get: $name: $1" >&2
  exit 1
}

sum_of() {
  sha256sum <"$1" | cut -d' ' -f1
}

# A header of the last answer: of those before it that redirected, there may be others.
header() {
  tr -d '\r' <"$work/headers" |
    awk -v name="$1:" '/^HTTP\// { value = "" } tolower($1) == name { sub(/^[^:]*: */, ""); value = $0 } END { print value }'
}

# What a server must still have for the rest of a file to fit its beginning (RFC 9110, 13.1.5).
validator() {
  local tag
  tag=$(header etag)
  case $tag in
    '"'*) echo "$tag" ;;
    *) header last-modified ;;
  esac
}

# One try: sets `code` to curl's exit code and `status` to the server's.
ask() {
  local -a more=()
  local kept=
  if [ -s "$work/part" ]; then
    more+=(--continue-at - --header "If-Range: $valid")
  elif [ -f "$file" ] && [ -z "$sum" ]; then
    kept=$(date -u -r "$file" '+%a, %d %b %Y %H:%M:%S GMT')
    more+=(--header "If-Modified-Since: $kept")
  fi
  [ -z "$most" ] || more+=(--max-filesize "$most")
  code=0
  status=$(curl -q --silent --show-error --fail --globoff --location --max-redirs 10 \
    --proto '=http,https' --proto-redir "$onward" --connect-timeout 30 --speed-limit 1 --speed-time 60 \
    --remote-time --output "$work/part" --dump-header "$work/headers" --write-out '%{http_code}' \
    "${more[@]}" -- "$url") || code=$?
}

# Whether another try may have a better end.
is_passing() {
  case $code:$status in
    7:* | 16:* | 18:* | 28:* | 35:* | 52:* | 55:* | 56:* | 92:*) true ;;
    22:408 | 22:429 | 22:500 | 22:502 | 22:503 | 22:504) true ;;
    *) false ;;
  esac
}

explain() {
  case $code in
    6) fail "its host is not known here: is it on this phase's list, with its port?" ;;
    22) fail "the server answered $status (try $try)" ;;
    47) fail "more than 10 redirections" ;;
    63) fail "larger than $most bytes" ;;
    *) fail "curl ended with $code (try $try)" ;;
  esac
}

command -v curl >/dev/null || fail "the image has no curl"
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
case $url in
  [hH][tT][tT][pP][sS]:*) onward='=https' ;;
  *) onward='=http,https' ;;
esac

valid=
wait=1
for ((try = 1; ; try++)); do
  ask
  if [ "$code" -eq 33 ] || [ "$status" = 416 ]; then
    # what is there now is not what came before
    valid=
  elif [ "$code" -eq 0 ]; then
    break
  elif ! is_passing; then
    explain
  else
    case $status in 200 | 206) valid=$(validator) ;; esac
  fi
  [ "$try" -lt "$tries" ] || explain
  [ -n "$valid" ] || rm -f "$work/part"
  have=0
  [ ! -f "$work/part" ] || have=$(stat -c %s "$work/part")
  echo "$name: try $try of $tries failed (curl $code, status $status); $have bytes are there, the next in $wait s" >&2
  sleep "$wait"
  wait=$((wait * 2))
done

case $status in
  304)
    if [ ! -f "$file" ] || [ -s "$work/part" ]; then fail "the server answered 304 without being asked"; fi
    echo "$name: not changed since $(date -u -r "$file" '+%F %T')"
    exit 0
    ;;
  200 | 206) ;;
  *) fail "the server answered $status" ;;
esac
[ -f "$work/part" ] || : >"$work/part"
size=$(stat -c %s "$work/part")
[ -z "$most" ] || [ "$size" -le "$most" ] || fail "$size bytes, larger than $most"
got=$(sum_of "$work/part")
[ -z "$sum" ] || [ "$got" = "$sum" ] || fail "its checksum is $got and not $sum; not kept"
chmod 644 "$work/part"
mv -fT "$work/part" "$file"
echo "$name: $size bytes, sha256 $got"
