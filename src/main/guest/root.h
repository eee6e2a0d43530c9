// Takes a disk with an ext4 file system; makes it the root.
#ifndef AIRLOCK_ROOT_H
#define AIRLOCK_ROOT_H

// Waits for the disk, moves /dev, /proc and /sys over, frees the initramfs. Ends the VM on failure.
void enter_root(const char *disk);

#endif
