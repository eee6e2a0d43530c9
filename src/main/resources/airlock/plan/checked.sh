#!/bin/bash
# Functions for scripts in a VM that fetch files whose checksums a file of the repository says; Airlock puts them in place of the
# line that reads this file. Such a script has `work`, a directory of its own on FOLDER's file system, `fail REASON`, and what
# download.sh has.
# shellcheck disable=SC2154 # `work` is the script's
set -euo pipefail

# tidy FOLDER: what earlier runs left may be anything; after this there are only directories and files
tidy() {
  if [ -L "$1" ] || [ ! -d "$1" ]; then rm -f "$1"; fi
  mkdir -p "$1"
  find -P "$1" -mindepth 1 ! -type d ! -type f -delete
}

is_right() {
  [ -f "$1" ] && [ "$("${2}sum" <"$1" | cut -d' ' -f1)" = "$3" ]
}

# keep FILE FOLDER PATH
keep() {
  local place=$2/$3
  if [ -d "$place" ]; then rm -rf "$place"; fi
  if ! mkdir -p "${place%/*}" 2>/dev/null; then
    # a file of an earlier time is where a directory is now
    local part=$2
    local -a parts
    IFS=/ read -ra parts <<<"$3"
    for name in "${parts[@]}"; do
      part+=/$name
      if [ -f "$part" ]; then rm -f "$part"; fi
    done
    mkdir -p "${place%/*}"
  fi
  chmod 644 "$1"
  mv -fT "$1" "$place"
}

# fetch_checked LABEL FOLDER MIRROR SAYS: brings the files of $work/wanted to FOLDER. A line has algorithm, checksum in
# hexadecimal, URL and path, with tabs between them. SAYS is what says so.
fetch_checked() {
  local label=$1 folder=$2 mirror=$3 says=$4 all=0 algorithm sum url path got
  local -a missing=()
  : >"$work/list"
  while IFS=$'\t' read -r algorithm sum url path; do
    all=$((all + 1))
    if is_right "$folder/$path" "$algorithm" "$sum"; then continue; fi
    missing+=("$algorithm"$'\t'"$sum"$'\t'"$url"$'\t'"$path")
    printf 'url = "%s"\noutput = "%s"\n' "$url" "$work/${#missing[@]}" >>"$work/list"
  done <"$work/wanted"
  echo "$label: $all files, $((all - ${#missing[@]})) of them there already, with the right checksum"

  # Most come over a few connections; whatever does not is asked for once more by itself, with patience.
  if [ ${#missing[@]} -gt 1 ]; then
    curl -q --silent --fail --globoff --location --max-redirs 10 --proto '=http,https' --proto-redir "$(onward "$mirror")" \
      --parallel --parallel-max 8 --connect-timeout 30 --speed-limit 1 --speed-time 60 --config "$work/list" || true
  fi
  for i in "${!missing[@]}"; do
    IFS=$'\t' read -r algorithm sum url path <<<"${missing[i]}"
    got=$work/$((i + 1))
    if ! is_right "$got" "$algorithm" "$sum"; then
      download "$path" "$url" ''
      got=$work/part
      [ -f "$got" ] || : >"$got"
      is_right "$got" "$algorithm" "$sum" || fail "$path: what $url has is not what $says says ($algorithm); not kept"
    fi
    keep "$got" "$folder" "$path"
    echo "$path: $algorithm is right"
  done
}
