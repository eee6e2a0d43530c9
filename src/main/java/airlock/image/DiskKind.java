package airlock.image;

import airlock.vm.BootFiles.Firmware;

/// What a disk of somebody else's begins with.
sealed interface DiskKind {
    /// An ext4 file system on the bare disk.
    record FileSystem() implements DiskKind {}

    /// Partitions.
    ///
    /// @param firmware what its boot loader is written for, as far as the table tells
    record Partitions(Firmware firmware) implements DiskKind {}

    /// Neither.
    record Unknown() implements DiskKind {}
}
