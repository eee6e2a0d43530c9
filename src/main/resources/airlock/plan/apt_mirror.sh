#!/bin/bash
# Functions for scripts in a VM that use the image's apt with a configuration of their own; Airlock puts them in place of the
# line that reads this file. Such a script has `fail REASON`, and on its stdin an armoured OpenPGP certificate or nothing:
# then suites are signed by the image's debian-archive-keyring.
set -euo pipefail

# apt_directory DIRECTORY STATUS: makes all that apt reads and writes, in DIRECTORY. STATUS is the file of what is installed.
apt_directory() {
  local at=$1 status=$2
  mkdir -p "$at"/etc/{apt.conf.d,auth.conf.d,preferences.d,sources.list.d,trusted.gpg.d} \
    "$at"/{log,state/lists/partial,cache/archives/partial}
  cat >"$at/cert.asc"
  cert=$at/cert.asc
  if [ ! -s "$cert" ]; then
    for cert in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
      [ ! -f "$cert" ] || break
    done
    [ -f "$cert" ] || fail "the image has no debian-archive-keyring, and the action no cert"
  fi
  # Read before all else, so that no file of the image's /etc/apt is.
  cat >"$at/apt.conf" <<END
Dir::Etc "$at/etc";
Dir::State "$at/state";
Dir::State::Status "$status";
Dir::Cache "$at/cache";
Dir::Log "$at/log";
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
  export APT_CONFIG=$at/apt.conf DEBIAN_FRONTEND=noninteractive
}

# apt_source DIRECTORY NAME MIRROR SUITE: adds a suite of a mirror.
apt_source() {
  cat >"$1/etc/sources.list.d/$2.sources" <<END
Types: deb
URIs: $3
Suites: $4
Components: main
Signed-By: $cert
END
}

# apt_optional DIRECTORY NAME MIRROR SUITE: adds a suite that the mirror may lack; fails if it does.
apt_optional() {
  apt_source "$@"
  if apt-get -q --error-on=any update >"$1/log/$2" 2>&1; then return 0; fi
  rm "$1/etc/sources.list.d/$2.sources"
  apt-get -q --error-on=any update || fail "what was there a moment ago can't be used"
  return 1
}
