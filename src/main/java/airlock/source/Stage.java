package airlock.source;

/// A stage of a fetch process, which decides what a missing answer means.
enum Stage {
    /// Connecting to the forge and listing its refs.
    ASKING,
    /// Receiving objects.
    RECEIVING,
    /// Reading objects and writing the tar.
    PACKING
}
