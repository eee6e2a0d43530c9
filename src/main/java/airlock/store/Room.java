package airlock.store;

/// How much of the disk is free for the state.
///
/// **Threads**: any. **Failures**: none; a disk that can't be asked counts as full.
@FunctionalInterface
public interface Room {
    /// Bytes that can be written now.
    long free();
}
