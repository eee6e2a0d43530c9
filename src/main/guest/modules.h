// Takes a directory of kernel modules; gives them to the kernel, in bytewise order of names.
#ifndef AIRLOCK_MODULES_H
#define AIRLOCK_MODULES_H

// Each file is deleted when it has been loaded: the initramfs is memory.
void load_modules(const char *directory);

#endif
