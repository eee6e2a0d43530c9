package airlock.vm;

import java.nio.file.Path;

/// What is on an input drive from its first byte; behind it are zeros.
public sealed interface DriveContent {
    /// The bytes of a file, which is copied.
    record Copy(Path file) implements DriveContent {}

    /// Bytes in memory.
    record Bytes(byte[] bytes) implements DriveContent {
        @Override
        public String toString() {
            return "Bytes[%d]".formatted(bytes.length);
        }
    }
}
