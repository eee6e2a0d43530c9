package airlock.results;

import java.nio.file.Path;

/// An output of a phase: a tar archive that the host never unpacks.
///
/// @param sha256 lower-case hex
/// @param isPrivate whether its phase had a secret, or read a private output: no run from outside
///     ever gets it (T6)
public record Blob(Path file, String sha256, long bytes, boolean isPrivate) {}
