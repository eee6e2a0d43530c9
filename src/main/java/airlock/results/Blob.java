package airlock.results;

import java.nio.file.Path;

/// An output of a phase: a tar archive that nobody on the host opens.
///
/// @param file where it lies
/// @param sha256 of its bytes, lower-case hex
/// @param bytes its length
/// @param isPrivate whether what wrote it had a secret, or read what had: it is never given to a
///     run from outside (T6)
public record Blob(Path file, String sha256, long bytes, boolean isPrivate) {}
