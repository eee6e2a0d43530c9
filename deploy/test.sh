#!/usr/bin/env bash
# All tests: the guest program's on the host, shellcheck, Maven's verify with real VMs, crashes, nginx and systemd; then the demo.
# usage: deploy/test.sh [--long] [--part N/M]
#   --long      the soaks too, at full size
#   --part N/M  the Nth of M parts of the Java tests; the rest of the steps belong to part 1
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin test

usage="usage: deploy/test.sh [--long] [--part N/M]"
excluded=soak
limits=()
part=1
parts=1
while [ $# -gt 0 ]; do
  case $1 in
    --long)
      excluded=none
      limits=("-Dtest.limit=24 h" "-Dtest.wall=172800")
      ;;
    --part)
      [[ ${2:-} =~ ^([1-9][0-9]*)/([1-9][0-9]*)$ ]] || fail "$usage"
      part=${BASH_REMATCH[1]}
      parts=${BASH_REMATCH[2]}
      [ "$part" -le "$parts" ] || fail "$usage"
      shift
      ;;
    *) fail "$usage" ;;
  esac
  shift
done

need jdk maven:mvn git:git curl:curl openssl:openssl \
  musl-tools:musl-gcc gcc:gcc libc6-dev shellcheck:shellcheck \
  qemu-system-x86:qemu-system-x86_64 qemu-utils:qemu-img mmdebstrap:mmdebstrap uidmap:newuidmap bubblewrap:bwrap e2fsprogs libarchive-tools:bsdtar \
  ovmf dosfstools:mkfs.vfat mtools:mcopy fdisk:sfdisk systemd-boot-efi syslinux:syslinux syslinux-common binutils:strings \
  cpio:cpio xz-utils:xz openssh-client:ssh openssh-server:sshd \
  openssh-sftp-server rsync:rsync dput:dput apt-utils:apt-ftparchive gpg:gpg gpg-agent:gpg-agent gpgv:gpgv \
  docker-registry:docker-registry skopeo:skopeo zstd:zstd busybox-static:busybox nginx-light:nginx systemd:systemd-analyze chromium:chromium

extra=0
if [ "$part" -eq 1 ] && [ -x "$ROOT/deploy/guest-test.sh" ]; then
  step "guest program: tests on the host under sanitizers" "$ROOT/deploy/guest-test.sh"
  extra=$((extra + 1))
fi
if [ -x "$ROOT/deploy/guest-build.sh" ]; then
  step "guest program" "$ROOT/deploy/guest-build.sh"
fi

# Every Mth test class from the Nth on, by name, so that the parts are the same on each machine.
selection=()
if [ "$parts" -gt 1 ]; then
  classes=$(cd "$ROOT/src/test/java" && find . -name '*Test.java' | sort | awk -v n="$part" -v m="$parts" 'NR % m == n % m' |
    sed 's|^\./||; s|\.java$||; s|/|.|g' | paste -sd,)
  # A soak that takes hours shares its points out by itself.
  if [ "$excluded" = none ]; then
    classes=$classes,airlock.crash.CrashTest
    selection=("-Dairlock.part=$part/$parts")
  fi
  selection+=("-Dtest=$classes")
fi
if [ "$excluded" = none ]; then
  step "what Airlock's own plan fetches" "$ROOT/deploy/own-mirror.sh"
fi
rm -rf "$ROOT/target/surefire-reports"
step "Maven: build, rules, tests, dependency analysis" maven verify "-Dtest.excludedGroups=$excluded" "${limits[@]}" "${selection[@]}"

# The demo makes an image of its own where it finds none; the tests have made the same one.
demo() {
  local images=$ROOT/.airlock/demo/state/images
  if [ ! -d "$images" ] && [ -d "$ROOT/.airlock/images" ]; then
    mkdir -p "$images"
    cp -a --reflink=auto "$ROOT/.airlock/images/." "$images"
  fi
  "$ROOT/deploy/demo.sh"
}
if [ "$part" -eq 1 ]; then
  step "demo: three commits, from webhook to status" demo
  extra=$((extra + 1))
fi

skips
read -r passed failed skipped <<<"$(counts)"
[ "$passed" -gt 0 ] || fail "no test was run"
echo "   all steps: $((SECONDS - STARTED)) s"
ok "test: $((passed + extra)) passed, $failed failed, $skipped skipped"
