#!/bin/bash
# In a VM: fetches Debian packages with all they depend on, whatever the image has, each as NAME.deb.
# usage: deb_get.sh FOLDER MIRROR SUITE PACKAGE…
# stdin has an armoured OpenPGP certificate, or nothing: then the suite is signed by the image's debian-archive-keyring.
set -euo pipefail

folder=$1
mirror=$2
suite=$3
shift 3

fail() {
  echo "deb_get: $1" >&2
  exit 1
}

. ./apt_mirror.sh

if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
work=$(mktemp -d "$folder/.deb_get.XXXXXX")
trap 'rm -rf "$work"' EXIT
: >"$work/status"
apt_directory "$work" "$work/status"
apt_source "$work" mirror "$mirror" "$suite"

apt-get -q --error-on=any update || fail "$suite of $mirror can't be used"
apt-get -qq --print-uris install "$@" >"$work/list" || fail "no way to have $*"
names=" "
while read -r _ archive _ sum; do
  name=${archive%%_*}
  names+="$name "
  file=$folder/$name.deb
  # what is there and right needs no fetching
  if [ -f "$file" ] && [ ! -L "$file" ] && [ "SHA256:$(sha256sum <"$file" | cut -d' ' -f1)" = "$sum" ]; then
    mv -fT "$file" "$work/cache/archives/$archive"
  fi
done <"$work/list"
for package in "$@"; do
  [[ $names == *" $package "* ]] || fail "$suite has no package $package"
done

apt-get -q --download-only install "$@" || fail "not all packages could be fetched"
while read -r _ archive size sum; do
  got=$work/cache/archives/$archive
  [ "SHA256:$(sha256sum <"$got" | cut -d' ' -f1)" = "$sum" ] || fail "$archive is not what $suite says"
  rm -rf "${folder:?}/${archive%%_*}.deb"
  mv -fT "$got" "$folder/${archive%%_*}.deb"
  echo "${archive%%_*}.deb: $archive, $size bytes"
done <"$work/list"
