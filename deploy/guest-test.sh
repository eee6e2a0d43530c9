#!/usr/bin/env bash
# Tests the guest program's parts on this host, under the address and undefined-behaviour sanitizers: the cases of
# src/test/resources/guest, then a bounded fuzz of its readers (seeded, so a failure can be repeated).
# usage: deploy/guest-test.sh [OUT_DIR]    (default: target/guest; FUZZ_SEED and FUZZ_ROUNDS change the fuzz)
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -le 1 ] || { echo "usage: $0 [OUT_DIR]" >&2; exit 2; }
mkdir -p "${1:-$here/target/guest}"
out=$(cd "${1:-$here/target/guest}" && pwd)
compiler=${GUEST_TEST_CC:-gcc}
seed=${FUZZ_SEED:-1}
rounds=${FUZZ_ROUNDS:-200}

verdict="FAILED: the tests could not be built"
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) # thousands of small files: memory is kinder than a disk
trap 'rm -rf "$work"; echo "guest-test: $verdict"' EXIT
command -v "$compiler" >/dev/null || {
  verdict="FAILED: $compiler is missing; install it with: apt-get install gcc libc6-dev"
  exit 1
}

main=$here/src/main/guest
test=$here/src/test/guest
flags=(-std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -g -O1 "-I$main" "-I$test" "-fsanitize=address,undefined"
  -fno-sanitize-recover=all)
"$compiler" "${flags[@]}" -o "$out/guest-test" \
  "$test"/{guest_test,cases,tree,test_tar,test_pack,test_records,test_plan,test_host_line,test_frame,test_pty,test_dns,fuzz}.c \
  "$main"/{fault,bytes,drive,beneath,hard_links,tar_pax,tar_read,tar_write,unpack,pack,plan,record,host_line,frame,pty_message,dns,name_table}.c
# the executor for tests of both sides together (GuestProgramTest): everything but what only process 1 can do
"$compiler" "${flags[@]}" -o "$out/host-executor" "$test/host_executor.c" \
  "$main"/{fault,bytes,drive,beneath,hard_links,tar_pax,tar_read,tar_write,unpack,pack,plan,record,clock}.c \
  "$main"/{execute,built_in,program,output,spawn,exhaustion,uplink,doors,resolver,dns,name_table,run_folder,stream,proxy,wire,frame}.c \
  "$main"/{connect,terminal,terminal_pump,shell,pty_message}.c

verdict="FAILED: see above (seed $seed, $rounds rounds)"
cd "$work"
said=$("$out/guest-test" "$here/src/test/resources/guest" "$seed" "$rounds")
verdict="ok: $said, fuzz seed $seed, $rounds rounds"
