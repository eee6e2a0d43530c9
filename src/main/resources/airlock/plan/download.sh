#!/bin/bash
# Functions for scripts in a VM that fetch files by HTTP; Airlock puts them in place of the line that reads this file. Such a
# script has `work`, a directory of its own, and `fail REASON`, which ends it.
# shellcheck disable=SC2154 # `work` is the script's
set -euo pipefail

tries=5

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

# Redirections never leave TLS.
onward() {
  case $1 in
    [hH][tT][tT][pP][sS]:*) echo '=https' ;;
    *) echo '=http,https' ;;
  esac
}

# One try: sets `code` to curl's exit code and `status` to the server's.
ask() {
  local url=$1 most=$2 valid=$3
  shift 3
  local -a more=()
  if [ -s "$work/part" ]; then
    more+=(--continue-at - --header "If-Range: $valid")
  else
    more+=("$@")
  fi
  [ -z "$most" ] || more+=(--max-filesize "$most")
  code=0
  status=$(curl -q --silent --show-error --fail --globoff --location --max-redirs 10 \
    --proto '=http,https' --proto-redir "$(onward "$url")" --connect-timeout 30 --speed-limit 1 --speed-time 60 \
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

# explain LABEL TRY MOST_BYTES
explain() {
  case $code in
    6) fail "$1: its host is not known here: is it on this phase's list, with its port?" ;;
    22) fail "$1: the server answered $status (try $2)" ;;
    47) fail "$1: more than 10 redirections" ;;
    63) fail "$1: larger than $3 bytes" ;;
    *) fail "$1: curl ended with $code (try $2)" ;;
  esac
}

# download LABEL URL MOST_BYTES [OPTION OF CURL…]: then $work/part is the file and `status` is 200 or 206; or what the
# options, which go with requests for the whole file, have led to. MOST_BYTES may be empty.
download() {
  local label=$1 url=$2 most=$3 valid='' wait=1 try have
  shift 3
  rm -f "$work/part"
  for ((try = 1; ; try++)); do
    ask "$url" "$most" "$valid" "$@"
    if [ "$code" -eq 33 ] || [ "$status" = 416 ]; then
      # what is there now is not what came before
      valid=
    elif [ "$code" -eq 0 ]; then
      break
    elif ! is_passing; then
      explain "$label" "$try" "$most"
    else
      case $status in 200 | 206) valid=$(validator) ;; esac
    fi
    [ "$try" -lt "$tries" ] || explain "$label" "$try" "$most"
    [ -n "$valid" ] || rm -f "$work/part"
    have=0
    [ ! -f "$work/part" ] || have=$(stat -c %s "$work/part")
    echo "$label: try $try of $tries failed (curl $code, status $status); $have bytes are there, the next in $wait s" >&2
    sleep "$wait"
    wait=$((wait * 2))
  done
}
