#!/bin/bash
# In a VM: fetches the modules that go.mod and go.sum name to the module cache FOLDER.
# usage: go_mod_download.sh FOLDER SOURCE MIRROR
set -euo pipefail

folder=$1
source=$2
mirror=$3

fail() {
  echo "go_mod_download: $1" >&2
  exit 1
}

. ./manifests.sh

# where Go's own archives put it
PATH=$PATH:/usr/local/go/bin
command -v go >/dev/null || fail "the image has no go"
if [ ! -f "$source/go.mod" ] || [ -L "$source/go.mod" ]; then fail "the repository's directory has no file go.mod"; fi
# what earlier runs left may be anything
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source"
# at every depth, for `replace` with a directory of the repository
copy_manifests "$source" "$work/source" $((16 << 20)) go.mod go.sum

# Only the mirror is asked, so no program of a version control is run; no other toolchain is fetched; checksums are those of go.sum.
export GOMODCACHE=$folder GOPROXY=$mirror GOFLAGS='-mod=mod -modcacherw' GOTOOLCHAIN=local GOENV=off GOWORK=off \
  GOVCS='*:off' GONOPROXY=none GONOSUMDB='' GOPRIVATE='' GOSUMDB=off GOINSECURE='' GOPATH="$work/path" GOCACHE="$work/cache" GOTELEMETRY=off
cd "$work/source"
go version

# Of an archive that is none, Go says what is wrong and not with which module; here it does.
name_failures() {
  go mod download -json 2>/dev/null |
    awk -F'"' '/^\t"Path":/ { path = $4 } /^\t"Version":/ { version = $4 } /^\t"Error":/ { print "go_mod_download: " path "@" version ": " $4 }' >&2 || true
}

tries=3
wait=1
for ((try = 1; ; try++)); do
  go mod download 2>&1 | tee "$work/errors" >&2 && break
  if [ "$try" -ge "$tries" ] || grep -qE 'SECURITY ERROR|404 Not Found|410 Gone' "$work/errors"; then
    name_failures
    fail "not all modules could be fetched"
  fi
  echo "go_mod_download: try $try of $tries failed, the next in $wait s" >&2
  sleep "$wait"
  wait=$((wait * 2))
done
if [ -f go.sum ] && ! cmp -s go.sum "$source/go.sum"; then
  echo "go_mod_download: go.sum of the repository does not name all of these, and Go will not build with them: go mod tidy" >&2
fi
