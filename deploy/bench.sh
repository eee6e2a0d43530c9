#!/usr/bin/env bash
# The measurements of docs/performance.md: each figure in turn with what it is held against, on this machine, now.
# What it makes lies in .airlock/bench and is reused, the images above all.
# usage: deploy/bench.sh [--json FILE] [--only PREFIX]…
#   --json FILE    writes the figures as a list of {name, value, unit, reference, ratio} too
#   --only PREFIX  measures only the figures whose names begin so, or with another prefix that is given
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin bench

ROWS=(vm.cold vm.clone vm.clone.cloud vm.clone.oci vm.ready vm.input vm.soak run.empty run.slots intake.durable intake.crowd.p99 source.tar plan.parse history log.bytes uplink.overhead uplink.connect uplink.out uplink.in)
USAGE="usage: deploy/bench.sh [--json FILE] [--only PREFIX]…; rows: ${ROWS[*]}"
BENCH=$ROOT/.airlock/bench
STATE=$BENCH/state
RECIPE=$ROOT/src/main/resources/airlock/image/debian-13.recipe

json='' only=()
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=${2:?"$USAGE"} && shift 2 ;;
    --only) only+=("${2:?"$USAGE"}") && shift 2 ;;
    *) fail "$USAGE" ;;
  esac
done
[ ${#only[@]} -gt 0 ] || only=(vm run intake source plan history log uplink)
case $json in '' | /*) ;; *) json=$PWD/$json ;; esac

# wanted ROW: whether a figure of this row is asked for. What is the name of a row is no figure of another one.
wanted() {
  local prefix
  for prefix in "${only[@]}"; do
    [[ $1 != "$prefix"* ]] || return 0
    [[ " ${ROWS[*]} " != *" $prefix "* && $prefix == "$1".* ]] && return 0
  done
  return 1
}

# needs_machines: whether a figure is asked for that an image is needed for.
needs_machines() {
  local row
  for row in "${ROWS[@]}"; do
    case $row in source.tar | plan.parse | history) continue ;; esac
    ! wanted "$row" || return 0
  done
  return 1
}

any=''
for row in "${ROWS[@]}"; do wanted "$row" && any=yes; done
[ -n "$any" ] || fail "no figure begins with '${only[*]}'; $USAGE"

need jdk maven:mvn git:git musl-tools:musl-gcc gcc:gcc libc6-dev \
  qemu-system-x86:qemu-system-x86_64 qemu-utils:qemu-img mmdebstrap:mmdebstrap uidmap:newuidmap bubblewrap:bwrap e2fsprogs libarchive-tools:bsdtar \
  cpio:cpio xz-utils:xz openssh-client:ssh ovmf dosfstools:mkfs.vfat mtools:mcopy fdisk:sfdisk systemd-boot-efi syslinux:syslinux syslinux-common
mkdir -p "$STATE"
chmod 700 "$BENCH" "$STATE"

# ---- a Debian that boots with systemd, for vm.* -----------------------------------------------------------------

# What the machine runs: the program of an action that does nothing, and its exit code into the log port.
told_by_systemd() {
  cat <<'EOF'
#!/bin/bash
code=0
bash -c $'set -xeuo pipefail\ntrue' || code=$?
port=$(grep -lx ci.log /sys/class/virtio-ports/*/name)
port=${port%/name}
echo "exit $code" >"/dev/${port##*/}"
EOF
}

# into_root ROOT: makes the system boot into one oneshot, without networks and with the few modules that ours has.
into_root() {
  local etc=$1/etc
  told_by_systemd >"$1/usr/local/bin/tell"
  chmod 755 "$1/usr/local/bin/tell"
  cat >"$etc/systemd/system/tell.service" <<'EOF'
[Unit]
Description=Tells the exit code of a program that does nothing

[Service]
Type=oneshot
ExecStart=/usr/local/bin/tell

[Install]
WantedBy=multi-user.target
EOF
  chroot "$1" systemctl enable tell.service
  chroot "$1" systemctl set-default multi-user.target
  chroot "$1" systemctl mask systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service
  sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=lz4/' "$etc/initramfs-tools/initramfs.conf"
  awk '$1 == "module" { print $2 }' "$RECIPE" >>"$etc/initramfs-tools/modules"
  chroot "$1" update-initramfs -u
}

# systemd_image IMAGE TARGET: the image's packages and kernel with systemd as TARGET/{disk.qcow2,initrd}.
systemd_image() {
  local image=$1 target=$2 work=$2.new packages suite
  rm -rf "$work" "$BENCH"/systemd-*
  mkdir -p "$work"
  packages=$(awk '$1 == "package" { print $2 }' "$RECIPE" | paste -sd,)
  suite=$(awk '$1 == "suite" { print $2 }' "$RECIPE")
  echo "installing packages"
  # the shell between mmdebstrap and its hook loses functions, so they go there in a file
  # shellcheck disable=SC2016 # the argument is the hook's own
  printf '%s\n' '#!/bin/bash' 'set -euo pipefail' "RECIPE=${RECIPE@Q}" "$(declare -f into_root told_by_systemd)" \
    'into_root "$1"' >"$work/hook"
  chmod 755 "$work/hook"
  mmdebstrap --variant=minbase --mode=auto --format=tar --include="$packages,systemd-sysv,lz4" \
    --customize-hook="$work/hook" "$suite" "$work/root.tar"
  echo "making the disk"
  tar -xf "$work/root.tar" -C "$work" --no-same-owner --wildcards './boot/*'
  cmp "$work"/boot/vmlinuz-* "$image/vmlinuz" || {
    echo "Debian's kernel is another one than the image's; remove $image to build both anew"
    return 1
  }
  mv "$work"/boot/initrd.img-* "$work/initrd"
  bsdtar -cf "$work/plain.tar" --format=gnutar "@$work/root.tar"
  PATH=$PATH:/usr/sbin mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work/plain.tar" "$work/disk.raw" 8G
  qemu-img convert -f raw -O qcow2 "$work/disk.raw" "$work/disk.qcow2"
  chmod 444 "$work/disk.qcow2" "$work/initrd"
  rm -rf "${work:?}"/{hook,boot,root.tar,plain.tar,disk.raw}
  mv "$work" "$target"
}

# ---- measuring --------------------------------------------------------------------------------------------------

# java_main CLASS ARGUMENT…: prints what a measurement found; its progress goes to the step's log.
java_main() {
  (cd "$ROOT" && exec "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED \
    -cp "target/bench:target/classes:target/lib/*" "$@")
}

# image: builds Airlock's image where it is missing, tries the accelerator with it, leaves path and finding in $BENCH/image.
image() {
  java_main airlock.vm.BenchMachine "$STATE" >"$BENCH/image"
}

measure() { # ROW; its figures go to $FIGURES
  case $1 in
    # one run measures both
    vm.cold | vm.clone | vm.ready) boots && grep -P "^$1(\.memory)?\t" "$BENCH/boots.tsv" ;;
    vm.clone.cloud) java_main airlock.vm.CloudBench "$STATE" "$BENCH/cloud.qcow2" ;;
    vm.clone.oci) oci ;;
    vm.input) java_main airlock.vm.InputBench "$STATE" ;;
    vm.soak) java_main airlock.vm.SoakBench "$STATE" ;;
    run.empty) java_main airlock.bench.RunBench "$BENCH" ;;
    run.slots) java_main airlock.bench.SlotsBench "$BENCH" ;;
    intake.durable) java_main airlock.bench.IntakeBench "$BENCH" ;;
    intake.crowd.p99) java_main airlock.bench.CrowdBench "$BENCH" ;;
    source.tar) source_tar ;;
    plan.parse) java_main airlock.plan.PlanBench ;;
    history) history ;;
    log.bytes) java_main airlock.vm.LogBench "$STATE" ;;
    uplink.*) java_main airlock.vm.UplinkBench "$STATE" "$1" ;;
  esac >>"$FIGURES"
}

# Both figures of BootBench, measured once.
boots() {
  [ -e "$BENCH/boots.tsv" ] || java_main airlock.vm.BootBench "$STATE" "$SYSTEMD" >"$BENCH/boots.tsv"
}

# A container image of Debian's essential packages, which have bash.
oci() {
  [ -e "$BENCH/container-root.tar" ] ||
    { mmdebstrap --variant=essential --format=tar trixie "$BENCH/container-root.new" &&
      mv "$BENCH/container-root.new" "$BENCH/container-root.tar"; }
  java_main airlock.vm.OciBench "$STATE" "$BENCH/container-root.tar"
}

# Databases with 1,000,000 and 10,000 runs are made anew: one that lay here could have another schema.
history() {
  rm -rf "$BENCH/history"
  java_main airlock.bench.HistoryBench "$BENCH/history"
  rm -rf "$BENCH/history"
}

source_tar() {
  rm -rf "$BENCH/tar"
  java_main airlock.source.TarBench "$BENCH/tar"
  rm -rf "$BENCH/tar"
}

# What stands behind the colon of the first line that begins so.
field() { # NAME FILE
  sed -n "s/^$1[^:]*: *//p" "$2" | head -n 1
}

accelerator() {
  if needs_machines; then sed -n 2p "$BENCH/image"; else echo "not needed for these figures"; fi
}

machine() {
  echo "   CPU          $(field 'model name' /proc/cpuinfo), $(nproc) cores"
  echo "   memory       $(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)"
  echo "   accelerator  $(accelerator)"
  echo "   disk         $(df --output=fstype,source "$BENCH" | tail -n 1 | tr -s ' ')"
  echo "   kernel       $(uname -sr)"
  echo "   QEMU         $(qemu-system-x86_64 --version | sed -n '1s/.*version //p')"
  echo "   JDK          $("$JAVA_HOME/bin/java" --version | sed -n 2p)"
  echo "   git          $(git --version | sed 's/git version //')"
  echo "   load         $1 before, $(cut -d' ' -f1-3 /proc/loadavg) after (1, 5, 15 minutes)"
}

product
drivers bench "$ROOT/src/demo/java:$ROOT/src/test/java"
if needs_machines; then step "image" image; fi
if wanted vm.cold || wanted vm.clone || wanted vm.ready; then
  image=$(head -n 1 "$BENCH/image")
  key=$( (cat "$RECIPE" "$image/vmlinuz" && declare -f into_root told_by_systemd systemd_image) | sha256sum | cut -c1-16)
  SYSTEMD=$BENCH/systemd-$key
  [ -d "$SYSTEMD" ] || step "image with systemd, for vm.*" systemd_image "$image" "$SYSTEMD"
fi
if wanted vm.clone.cloud && [ ! -e "$BENCH/cloud.qcow2" ]; then
  step "cloud image, for vm.clone.cloud" "$ROOT/deploy/cloud-image.sh" uefi "$BENCH/cloud.qcow2"
fi

load=$(cut -d' ' -f1-3 /proc/loadavg)
FIGURES=$BENCH/figures.tsv
: >"$FIGURES"
rm -f "$BENCH/boots.tsv"
for row in "${ROWS[@]}"; do
  if wanted "$row"; then step "$row" measure "$row"; fi
done

awk -F'\t' -v all="${only[*]}" 'BEGIN { n = split(all, p, " ") } { for (i = 1; i <= n; i++) if (index($1, p[i]) == 1) { print; next } }' \
  "$FIGURES" >"$FIGURES.wanted"
echo
machine "$load"
echo
java_main airlock.bench.ReportMain "$FIGURES.wanted" ${json:+"$json"}
ok "bench: ok in $((SECONDS - STARTED)) s: $(wc -l <"$FIGURES.wanted") figures${json:+, also in $json}"
