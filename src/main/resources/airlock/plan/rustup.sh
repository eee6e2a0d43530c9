#!/bin/bash
# In a VM: installs a toolchain of Rust's to FOLDER, which is RUSTUP_HOME in the plan phase.
# usage: rustup.sh FOLDER MIRROR CHANNEL [OPTION…]
set -euo pipefail

folder=$1
mirror=$2
channel=$3
shift 3

fail() {
  echo "rustup: $1" >&2
  exit 1
}

PATH=/root/.cargo/bin:$PATH
command -v rustup >/dev/null || fail "the image has no rustup"
# what earlier runs left may be anything
if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -f "$folder"; fi
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_HOME=$folder CARGO_HOME=$work/cargo RUSTUP_DIST_SERVER=$mirror RUSTUP_MAX_RETRIES=5 RUSTUP_TERM_COLOR=never
rustup toolchain install --no-self-update --force "$@" "$channel" || fail "$channel could not be installed"
