package airlock.source;

/// What a fetch process is doing; decides what its end before an answer means.
enum Stage {
    /// Reaching the forge and hearing of its refs.
    ASKING,
    /// Getting objects.
    RECEIVING,
    /// Reading them and writing the tar.
    PACKING
}
