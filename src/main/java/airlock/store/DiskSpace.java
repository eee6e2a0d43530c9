package airlock.store;

/// Measures the free disk space for the state.
///
/// **Threads**: any. **Failures**: none; a disk that cannot be queried counts as full.
@FunctionalInterface
public interface DiskSpace {
    long free();
}
