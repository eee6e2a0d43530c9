#!/bin/bash
# In a VM: fetches the crates that Cargo.toml and Cargo.lock name to FOLDER, which is CARGO_HOME in the plan phase.
# usage: cargo_fetch.sh FOLDER SOURCE MIRROR
set -euo pipefail

folder=$1
source=$2
mirror=$3
most_sources=500000

fail() {
  echo "cargo_fetch: $1" >&2
  exit 1
}

. ./manifests.sh

# where rustup puts them in an image that was made with it
PATH=/root/.cargo/bin:$PATH
export RUSTUP_AUTO_INSTALL=0
[ ! -d /root/.rustup ] || export RUSTUP_HOME=/root/.rustup
# what earlier runs left may be anything, and nothing of it must tell cargo what to do
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
rm -rf "$folder"/config "$folder"/config.toml "$folder"/credentials "$folder"/credentials.toml
for program in cargo rustc; do
  command -v "$program" >/dev/null || fail "the image has no $program"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The versions, in a directory where nobody can have put a toolchain or an alias. What CARGO_HOME has in `bin` is not looked at.
cd "$work"
CARGO_HOME=$work cargo --version
[ ! -x "$(command -v cargo-clippy)" ] || CARGO_HOME=$work cargo-clippy --version || true
CARGO_HOME=$work rustc --version

if [ ! -f "$source/Cargo.toml" ] || [ -L "$source/Cargo.toml" ]; then fail "the repository's directory has no file Cargo.toml"; fi
mkdir "$work/source"
cd "$work/source"
copy_manifests "$source" "$work/source" $((32 << 20)) Cargo.toml Cargo.lock
# cargo wants to see that there are sources, and what they are called; what is in them is not its business here
count=$(cd "$source" && find -P . -name '*.rs' -type f -printf x | wc -c)
[ "$count" -le "$most_sources" ] || fail "$count files *.rs, more than $most_sources"
(cd "$source" && find -P . -name '*.rs' -type f -printf '%h\0') | sort -zu | xargs -0 -r mkdir -p --
(cd "$source" && find -P . -name '*.rs' -type f -print0) | xargs -0 -r touch --

# It stays there: in the plan phase cargo looks for crates of the mirror's, too.
cat >"$folder/config.toml" <<END
# by Airlock's cargo_fetch
[source.crates-io]
replace-with = "airlock-mirror"
[source.airlock-mirror]
registry = "sparse+$mirror/"
END
export CARGO_HOME=$folder CARGO_NET_RETRY=5 CARGO_HTTP_TIMEOUT=60 CARGO_NET_GIT_FETCH_WITH_CLI=false CARGO_TERM_COLOR=never
locked=()
[ ! -f Cargo.lock ] || locked=(--locked)
cargo fetch "${locked[@]}" || fail "not all crates could be fetched"

for deny in deny.toml .cargo/deny.toml; do
  if [ ! -f "$source/$deny" ] || [ -L "$source/$deny" ] || [ -L "$source/.cargo" ]; then continue; fi
  [ "$(stat -c %s "$source/$deny")" -le $((1 << 20)) ] || fail "$deny is larger than 1 MiB"
  if ! command -v cargo-deny >/dev/null; then
    echo "cargo_fetch: there is a $deny, and the image has no cargo-deny: advisories are not fetched" >&2
    break
  fi
  cp -- "$source/$deny" deny.toml
  cargo-deny deny --locked fetch || fail "advisories could not be fetched"
  break
done
