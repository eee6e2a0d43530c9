package airlock.image;

/// A file or directory of a root file system that is assembled from layers.
sealed interface RootNode {
    /// Permissions, owner and time of the last change.
    ///
    /// @param mode permission bits with setuid, setgid and sticky
    /// @param seconds since 1970
    record Meta(int mode, long user, long group, long seconds) {
        static final Meta IMPLIED = new Meta(0755, 0, 0, 0);
    }

    Meta meta();

    record Folder(Meta meta) implements RootNode {}

    /// A regular file; paths with equal nodes are hard links of each other.
    ///
    /// @param layer the number of the layer that has its content
    /// @param entry its number in that layer
    /// @param capability in hexadecimal digits, empty for none
    record Content(Meta meta, int layer, int entry, long size, String capability)
            implements RootNode {}

    record Symlink(Meta meta, String target) implements RootNode {}

    /// A device or a pipe.
    ///
    /// @param flag its type in tar
    record Special(Meta meta, byte flag, int major, int minor) implements RootNode {}
}
