#!/usr/bin/env bash
# Makes a small Debian cloud image of Debian's packages alone, as tests and measurements of imported images need it: cloud-init, systemd,
# a boot loader, partitions. No root is needed.
# usage: deploy/cloud-image.sh uefi|bios OUT.qcow2
#   uefi  GPT, an EFI system partition with systemd-boot, a root partition
#   bios  MBR, a FAT partition with syslinux, a root partition
# What takes long, the root file system, is kept in .airlock/cloud for a day and serves both.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
begin cloud-image
export LC_ALL=C.UTF-8

firmware=${1:-}
out=${2:-}
case $firmware in uefi | bios) ;; *) fail "usage: deploy/cloud-image.sh uefi|bios OUT.qcow2" ;; esac
case $out in *.qcow2) ;; *) fail "usage: deploy/cloud-image.sh uefi|bios OUT.qcow2" ;; esac

need mmdebstrap:mmdebstrap uidmap:newuidmap qemu-utils:qemu-img e2fsprogs libarchive-tools:bsdtar \
  dosfstools:mkfs.vfat mtools:mcopy fdisk:sfdisk systemd-boot-efi syslinux:syslinux syslinux-common

keep=$ROOT/.airlock/cloud
mkdir -p "$keep" "$(dirname "$out")"
exec 8>"$keep/lock"
flock 8
work=$(mktemp -d "$keep/work.XXXXXX")
at_end rm -rf "$work"

# The root file system; cloud-init needs no network, and nothing waits for one. Debian's usual initramfs has every driver there is,
# which takes an emulator a minute.
# shellcheck disable=SC2016 # the hooks' arguments are their own
root_file_system() {
  mmdebstrap --variant=minbase --mode=auto \
    --include=linux-image-cloud-amd64,initramfs-tools,lz4,systemd-sysv,udev,dbus,cloud-init,bash,kmod,procps,ca-certificates \
    --customize-hook='echo "LABEL=root / ext4 defaults 0 1" >"$1/etc/fstab"' \
    --customize-hook='echo cloud >"$1/etc/hostname"' \
    --customize-hook='rm -f "$1/etc/resolv.conf"' \
    --customize-hook='sed -i "s/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=lz4/" "$1/etc/initramfs-tools/initramfs.conf"' \
    --customize-hook='printf "%s\n" virtio_pci virtio_blk ext4 >>"$1/etc/initramfs-tools/modules"' \
    --customize-hook='chroot "$1" update-initramfs -u' \
    trixie "$work/root.tar"
  # mke2fs reads names beyond ASCII in GNU's format alone
  bsdtar -cf "$work/gnu.tar" --format gnutar "@$work/root.tar"
  mv "$work/gnu.tar" "$keep/root.tar"
}
if [ -z "$(find "$keep" -maxdepth 1 -name root.tar -mtime -1)" ]; then
  step "root file system" root_file_system
fi

kernel=$(bsdtar -tf "$keep/root.tar" | grep -E '^(\./)?boot/vmlinuz-' | tail -1)
initrd=$(bsdtar -tf "$keep/root.tar" | grep -E '^(\./)?boot/initrd.img-' | tail -1)
bsdtar -xOf "$keep/root.tar" "$kernel" >"$work/vmlinuz"
bsdtar -xOf "$keep/root.tar" "$initrd" >"$work/initrd"
line="root=LABEL=root ro console=ttyS0 quiet"

# The partition that the firmware reads, 128 MiB.
truncate -s 128M "$work/boot"
mkfs.vfat -F 32 -n BOOT "$work/boot" >"$work/vfat.out"
mcopy -i "$work/boot" "$work/vmlinuz" "$work/initrd" ::
case $firmware in
  uefi)
    table='label: gpt\nstart=2048, size=262144, type=U\nstart=264192, type=L\n'
    printf 'title cloud\nlinux /vmlinuz\ninitrd /initrd\noptions %s\n' "$line" >"$work/cloud.conf"
    printf 'timeout 0\n' >"$work/loader.conf"
    mmd -i "$work/boot" ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries
    mcopy -i "$work/boot" /usr/lib/systemd/boot/efi/systemd-bootx64.efi ::/EFI/BOOT/BOOTX64.EFI
    mcopy -i "$work/boot" "$work/loader.conf" ::/loader/loader.conf
    mcopy -i "$work/boot" "$work/cloud.conf" ::/loader/entries/cloud.conf
    ;;
  bios)
    table='label: dos\nstart=2048, size=262144, type=c, bootable\nstart=264192, type=83\n'
    printf 'default cloud\nprompt 0\nlabel cloud\n  kernel vmlinuz\n  append initrd=initrd %s\n' "$line" >"$work/syslinux.cfg"
    mcopy -i "$work/boot" "$work/syslinux.cfg" ::
    syslinux --install "$work/boot"
    ;;
esac
mke2fs -q -t ext4 -L root -m 0 -d "$keep/root.tar" "$work/rootfs" 3G

truncate -s $((264192 * 512)) "$work/disk"
cat <"$work/rootfs" >>"$work/disk"
truncate -s +1M "$work/disk" # the second table of GPT
# shellcheck disable=SC2059 # the table is a format on purpose
printf "$table" | sfdisk -q "$work/disk"
dd if="$work/boot" of="$work/disk" bs=1M seek=1 conv=notrunc,sparse status=none
[ "$firmware" = uefi ] || dd if=/usr/lib/syslinux/mbr/mbr.bin of="$work/disk" bs=440 count=1 conv=notrunc status=none
qemu-img convert -f raw -O qcow2 -c "$work/disk" "$work/disk.qcow2"
mv "$work/disk.qcow2" "$out"
ok "$(took)"
