package airlock.image;

/// A file of a root file system that is put together from layers.
sealed interface RootNode {
    /// Who may do what with it, and when it was written.
    ///
    /// @param mode the permission bits, with setuid, setgid and sticky
    /// @param seconds since 1970
    record Meta(int mode, long user, long group, long seconds) {
        static final Meta IMPLIED = new Meta(0755, 0, 0, 0);
    }

    Meta meta();

    record Folder(Meta meta) implements RootNode {}

    /// A file; all paths that have the same one are hard links of each other.
    ///
    /// @param layer in which its content is
    /// @param entry the how manieth of that layer it is
    /// @param capability in hexadecimal digits, empty for none
    record Content(Meta meta, int layer, int entry, long size, String capability)
            implements RootNode {}

    record Symlink(Meta meta, String target) implements RootNode {}

    /// A device or a pipe.
    ///
    /// @param flag tar's letter for it
    record Special(Meta meta, byte flag, int major, int minor) implements RootNode {}
}
