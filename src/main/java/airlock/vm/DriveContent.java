package airlock.vm;

import java.nio.file.Path;

/// The content at the start of an input drive; zeros follow.
public sealed interface DriveContent {
    record Copy(Path file) implements DriveContent {}

    record Bytes(byte[] bytes) implements DriveContent {
        @Override
        public String toString() {
            return "Bytes[%d]".formatted(bytes.length);
        }
    }
}
