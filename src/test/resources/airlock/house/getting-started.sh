#!/usr/bin/env bash
# Runs the commands of docs/getting-started.md on a machine that is this one's programs with directories of its own:
# /etc is a copy, /var, /opt, /run, /home and /usr/local/bin are new. Nothing of it is left.
# usage, as root: unshare --mount --pid --fork getting-started.sh ROOT COMMANDS IMAGES JAVA CLASSES GUEST JARS CHECKOUT
#   ROOT      an empty directory
#   COMMANDS  a file with the page's commands
#   IMAGES    a directory with images that are built already; empty: they are built, from Debian's packages
#   JAVA      the JDK's directory
#   CLASSES   the directory with Airlock's classes; GUEST: the one with the guest program
#   JARS      a directory with the libraries
#   CHECKOUT  what the page clones
set -euo pipefail
root=$1 commands=$2 images=$3 java=$4 classes=$5 guest=$6 jars=$7 checkout=$8

mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mkdir -p usr proc sys dev tmp run var/lib/dpkg var/cache var/tmp home root opt/airlock/bin opt/airlock/target/classes opt/airlock/target/guest opt/airlock/lib opt/jdk old
chmod 1777 tmp var/tmp
mount --rbind /usr usr
mount -t tmpfs tmpfs usr/local/bin
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount --bind -o ro /var/lib/dpkg var/lib/dpkg
mount --bind -o ro "$java" opt/jdk
mount --bind -o ro "$classes" opt/airlock/target/classes
mount --bind -o ro "$guest" opt/airlock/target/guest
mount --bind -o ro "$jars" opt/airlock/lib
cp -a /bin /sbin /lib /lib64 .
cp -a /etc .
cp -a "$checkout/deploy" opt/airlock/
cp "$commands" tmp/commands
if [ -n "$images" ]; then cp -a "$images" tmp/images; fi
sed -i '/^airlock:/d' etc/passwd etc/group etc/shadow etc/gshadow etc/subuid etc/subgid
rm -rf etc/airlock etc/nginx/conf.d/airlock.conf etc/systemd/system/airlock.service
printf '#!/bin/sh\nexec /opt/jdk/bin/java -XX:+UseSerialGC -Xmx512m -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "/opt/airlock/target/classes:/opt/airlock/lib/*" airlock.Main "$@"\n' >opt/airlock/bin/airlock
chmod 755 opt/airlock/bin/airlock . opt opt/airlock

pivot_root . old
cd /
umount -l /old

# Debian's udev makes it, which a container lacks
getent group kvm >/dev/null || groupadd --system kvm

# what a person does between the lines
cat() { if [ $# -eq 0 ] && [ -c /dev/stdin ]; then echo a-token-of-this-test; else command cat "$@"; fi; }
runuser() {
  case "$*" in
    # the one command that takes a network
    *"image build"*) nsenter --net=/proc/self/fd/9 runuser "$@" ;;
    *" doctor "*) unchanged runuser "$@" ;;
    *) command runuser "$@" ;;
  esac
}
state() { find /var/lib/airlock -printf '%p %m %u %g %T@ %s\n' | sort | sha256sum; }
adduser() {
  command adduser "$@"
  if [ -d /tmp/images ] && [ -d /var/lib/airlock ] && [ ! -e /var/lib/airlock/images ]; then
    mv /tmp/images /var/lib/airlock/images
    chown -R airlock:airlock /var/lib/airlock/images
  fi
}
# a doctor: the page's forges can't be reached from here, which is a finding
unchanged() {
  local code=0 before
  before=$(state)
  command "$@" || code=$?
  [ "$(state)" = "$before" ] || { echo "FAULT: the doctor changed the state"; exit 1; }
  [ "$code" -le 1 ] || exit "$code"
}
airlock() { case $1 in doctor) unchanged airlock "$@" ;; *) command airlock "$@" ;; esac; }
export AIRLOCK_JAVA_OPTIONS=
exec 9</proc/self/ns/net
inside() {
  set -euo pipefail
  ip link set lo up
  mkdir -p /etc/nginx/conf.d
  # shellcheck disable=SC1091 # made by the test
  . /tmp/commands
  # the unit's own command line, as its user
  start=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/airlock.service)
  user=$(sed -n 's/^User=//p' /etc/systemd/system/airlock.service)
  # shellcheck disable=SC2086 # a command line
  command runuser -u "$user" -- $start >/tmp/served 2>&1 &
  server=$!
  for _ in $(seq 600); do
    if curl -fs http://127.0.0.1:8080/healthz >/dev/null; then
      echo "served"
      break
    fi
    kill -0 "$server" || break
    sleep 0.1
  done
  command cat /tmp/served
  kill "$server"
  wait "$server" || true
  others=$(find /var/lib/airlock ! -user airlock)
  [ -z "$others" ] || { echo "FAULT: not airlock's: $others"; exit 1; }
}
export -f inside runuser adduser unchanged airlock state cat
unshare --net bash -c inside
