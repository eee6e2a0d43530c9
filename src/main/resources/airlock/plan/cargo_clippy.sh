#!/bin/bash
# In a VM, in the commit's files: lints Rust code; a warning is an error. --locked only if there is a lock file.
# usage: cargo_clippy.sh [--no-deps]
set -eu
options=()
[ ! -e Cargo.lock ] || options=(--locked)
set -x
cargo clippy --offline --workspace --all-targets --verbose "${options[@]}" "$@" -- --deny=warnings
