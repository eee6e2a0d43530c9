#!/bin/bash
# In a VM: fetches newer versions of the image's packages to FOLDER, under the names that apt gives them.
# usage: apt_upgrade_download.sh FOLDER STATUS SUITE MIRROR SECURITY
# SUITE is that of the image where it is empty; SECURITY is a mirror of security updates, or empty. For stdin see apt_mirror.sh.
set -euo pipefail

folder=$1
status=$2
suite=$3
mirror=$4
security=$5

fail() {
  echo "apt_upgrade_download: $1" >&2
  exit 1
}

. ./apt_mirror.sh

if [ -z "$suite" ]; then
  # shellcheck source=/dev/null
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$suite" ] || fail "the image's /etc/os-release has no VERSION_CODENAME, and the action no suite"
fi
# what earlier runs left may be anything: after this there are only files and directories
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
find -P "$folder" -mindepth 1 -maxdepth 1 ! -type f ! -type d -delete
work=$(mktemp -d "$folder/.apt_upgrade.XXXXXX")
trap 'rm -rf "$work"' EXIT
apt_directory "$work" "$status"
apt_source "$work" mirror "$mirror" "$suite"
[ -z "$security" ] || apt_source "$work" security "$security" "$suite-security"

apt-get -q --error-on=any update || fail "$suite of $mirror${security:+, or $suite-security of $security,} can't be used"
# a mirror need not have what comes between two releases
apt_optional "$work" updates "$mirror" "$suite-updates" ||
  echo "apt_upgrade_download: $mirror has no $suite-updates that could be used"

apt-get -qq --print-uris upgrade >"$work/list" || fail "there is no way to upgrade"
while read -r _ archive _ sum; do
  file=$folder/$archive
  # what is there and right needs no fetching
  if [ -f "$file" ] && [ "SHA256:$(sha256sum <"$file" | cut -d' ' -f1)" = "$sum" ]; then
    mv -fT "$file" "$work/cache/archives/$archive"
  fi
done <"$work/list"
apt-get -q --download-only upgrade || fail "not all packages could be fetched"
while read -r _ archive size sum; do
  got=$work/cache/archives/$archive
  [ "SHA256:$(sha256sum <"$got" | cut -d' ' -f1)" = "$sum" ] || fail "$archive is not what $suite says"
  # of one package there is one version: dpkg would not know which is meant
  find -P "$folder" -maxdepth 1 -type f -name "${archive%%_*}_*_${archive##*_}" -delete
  rm -rf "${folder:?}/$archive"
  mv -fT "$got" "$folder/$archive"
  echo "$archive: $size bytes"
done <"$work/list"
echo "apt_upgrade_download: $(wc -l <"$work/list") packages can be upgraded"
