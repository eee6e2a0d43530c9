package airlock.secrets;

import java.nio.charset.StandardCharsets;

/// A file of a secrets drive, below `/ci/secrets`, for its owner alone. Never prints its content.
///
/// @param name a plain file name
/// @param isSecret whether logs must not show the content
public record DriveFile(String name, byte[] content, boolean isSecret) {
    /// Permission bits of every such file.
    public static final int MODE = 0600;

    static DriveFile secret(String name, byte[] content) {
        return new DriveFile(name, content, true);
    }

    /// A file whose content logs may show.
    public static DriveFile plain(String name, String text) {
        return new DriveFile(name, text.getBytes(StandardCharsets.UTF_8), false);
    }

    @Override
    public String toString() {
        return "DriveFile[%s, ***]".formatted(name);
    }
}
