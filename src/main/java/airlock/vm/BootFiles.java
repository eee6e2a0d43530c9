package airlock.vm;

import java.nio.file.Path;

/// What a VM starts from; none of the files is ever written.
///
/// @param kernel an ELF kernel with a PVH note, or a bzImage
/// @param initramfs cpio archive with the guest program as `/init`
/// @param disk the system disk, qcow2 without a backing file
public record BootFiles(Path kernel, Path initramfs, Path disk) {}
