#!/usr/bin/env bash
# Builds the guest program as OUT_DIR/airlock-guest: one static x86-64 program, the same bytes from the same
# sources and compiler.
# usage: deploy/guest-build.sh [OUT_DIR]    (default: target/guest)
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -le 1 ] || { echo "usage: $0 [OUT_DIR]" >&2; exit 2; }
mkdir -p "${1:-$here/target/guest}"
out=$(cd "${1:-$here/target/guest}" && pwd)
compiler=${GUEST_CC:-musl-gcc}
command -v "$compiler" >/dev/null || {
  echo "guest-build: FAILED: $compiler is missing; install it with: apt-get install musl-tools" >&2
  exit 1
}

cd "$here/src/main/guest"
export LC_ALL=C SOURCE_DATE_EPOCH=0
flags=(-std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -static -s -fno-ident -ffunction-sections
  -fdata-sections -fstack-protector-strong "-Wl,--gc-sections" "-Wl,--build-id=none")
"$compiler" "${flags[@]}" -o "$out/airlock-guest.new" ./*.c
mv "$out/airlock-guest.new" "$out/airlock-guest"
echo "guest-build: ok: $out/airlock-guest, $(stat -c %s "$out/airlock-guest") bytes"
