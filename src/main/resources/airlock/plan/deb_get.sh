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

if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
work=$(mktemp -d "$folder/.deb_get.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/etc/{apt.conf.d,auth.conf.d,preferences.d,sources.list.d,trusted.gpg.d} \
  "$work"/{log,state/lists/partial,cache/archives/partial}
: >"$work/status"

cat >"$work/cert.asc"
cert=$work/cert.asc
if [ ! -s "$cert" ]; then
  for cert in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
    [ ! -f "$cert" ] || break
  done
  [ -f "$cert" ] || fail "the image has no debian-archive-keyring, and the action no cert"
fi
cat >"$work/etc/sources.list.d/mirror.sources" <<END
Types: deb
URIs: $mirror
Suites: $suite
Components: main
Signed-By: $cert
END
# Read before all else, so that no file of the image's /etc/apt is.
cat >"$work/apt.conf" <<END
Dir::Etc "$work/etc";
Dir::State "$work/state";
Dir::State::Status "$work/status";
Dir::Cache "$work/cache";
Dir::Log "$work/log";
APT::Architecture "$(dpkg --print-architecture)";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Get::Assume-Yes "true";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::ForceHash "SHA256";
Acquire::Languages "none";
Acquire::Retries "3";
Dpkg::Use-Pty "false";
END
export APT_CONFIG=$work/apt.conf DEBIAN_FRONTEND=noninteractive

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
