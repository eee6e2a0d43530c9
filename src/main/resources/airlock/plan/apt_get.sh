#!/bin/bash
# In a VM, without a network: installs packages out of FOLDER with what they depend on, as far as the image does not have it.
# usage: apt_get.sh FOLDER PACKAGE…
set -euo pipefail

folder=$1
shift

fail() {
  echo "apt_get: $1" >&2
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,archives/partial}
# apt fetches as a user of its own
chmod 755 "$work"
[ -d "$folder" ] || fail "there is no $folder: has pre_plan an action deb_get?"
shopt -s nullglob
for file in "$folder"/*.deb; do
  dpkg-deb --field "$file" | grep -vE '^(Filename|Size|MD5sum|SHA1|SHA256|SHA512):'
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${file##*/}" "$(stat -c %s "$file")" "$(sha256sum <"$file" | cut -d' ' -f1)"
done >"$work/Packages"
hint=', where there is nothing: has pre_plan an action deb_get?'
for file in "$folder"/*.deb; do
  hint=
  ln -s "$file" "$work/"
done
echo "deb [trusted=yes] file:$work ./" >"$work/sources.list"
options=(-q -y --no-install-recommends -oDir::Etc::SourceList="$work/sources.list" -oDir::Etc::SourceParts=/dev/null
  -oDir::State::Lists="$work/lists" -oDir::Cache::Archives="$work/archives" -oDir::Cache::pkgcache= -oDir::Cache::srcpkgcache=
  -oAPT::Sandbox::User=root -oAcquire::Languages=none -oDpkg::Use-Pty=false)
apt-get "${options[@]}" update >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail "apt can't read what is in $folder"
}
DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install -- "$@" || fail "not all of $* could be installed out of $folder$hint"
