#!/bin/bash
# In a VM: fetches Debian packages with all they depend on and the image lacks, each as NAME.deb.
# usage: deb_get.sh FOLDER STATUS SUITE MIRROR SECURITY PACKAGE…
# STATUS is dpkg's file of what is installed; SECURITY is a mirror of security updates, or empty. For stdin see apt_mirror.sh.
set -euo pipefail

folder=$1
status=$2
suite=$3
mirror=$4
security=$5
shift 5

fail() {
  echo "deb_get: $1" >&2
  exit 1
}

. ./apt_mirror.sh

# installed PACKAGE: its version; empty if the image does not have it.
installed() {
  dpkg-query --admindir="${status%/*}" -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n '1s/^installed //p' || true
}

if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
work=$(mktemp -d "$folder/.deb_get.XXXXXX")
trap 'rm -rf "$work"' EXIT
if [ ! -f "$status" ]; then
  status=$work/status
  : >"$status"
fi
apt_directory "$work" "$status"
apt_source "$work" mirror "$mirror" "$suite"

apt-get -q --error-on=any update || fail "$suite of $mirror can't be used"
# the image may have libraries of these, and others depend on just those versions
apt_optional "$work" updates "$mirror" "$suite-updates" || echo "deb_get: $mirror has no $suite-updates that could be used"
if [ -n "$security" ]; then
  apt_optional "$work" security "$security" "$suite-security" ||
    echo "deb_get: $security has no $suite-security that could be used"
fi
# an older version of what is installed, left by an earlier run, would be a downgrade
for file in "$folder"/*.deb; do
  name=$(dpkg-deb --field "$file" Package 2>/dev/null) || continue
  have=$(installed "$name")
  if [ -n "$have" ] && dpkg --compare-versions "$have" ge "$(dpkg-deb --field "$file" Version)"; then
    rm -rf "$file"
  fi
done
apt-get -qq --print-uris install "$@" >"$work/list" ||
  fail "no way to have $*: if something is to be installed that the image has in a newer version, it may be from security updates, for which \`mirrors.debian_security\` in the configuration names a mirror"
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
  have=$(installed "$package")
  if [[ $names != *" $package "* ]]; then
    [ -n "$have" ] || fail "$suite has no package $package"
    echo "deb_get: the image has $package $have"
  fi
done

apt-get -q --download-only install "$@" || fail "not all packages could be fetched"
while read -r _ archive size sum; do
  got=$work/cache/archives/$archive
  [ "SHA256:$(sha256sum <"$got" | cut -d' ' -f1)" = "$sum" ] || fail "$archive is not what $suite says"
  rm -rf "${folder:?}/${archive%%_*}.deb"
  mv -fT "$got" "$folder/${archive%%_*}.deb"
  echo "${archive%%_*}.deb: $archive, $size bytes"
done <"$work/list"
