package airlock.results;

import java.nio.file.Path;

/// An output of a phase: a tar archive that nobody on the host opens.
///
/// @param file where it lies
/// @param sha256 of its bytes, lower-case hex
/// @param bytes its length
public record Blob(Path file, String sha256, long bytes) {}
