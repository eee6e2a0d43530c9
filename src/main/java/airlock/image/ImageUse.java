package airlock.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// While it is open, nobody removes the image.
public final class ImageUse implements AutoCloseable {
    private final Path mark;
    private final FileChannel locked;

    /// @param locked the mark's file, with the lock
    ImageUse(Path mark, FileChannel locked) {
        this.mark = mark;
        this.locked = locked;
    }

    @Override
    public void close() {
        try (locked) {
            Files.deleteIfExists(mark);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the mark " + mark + ": " + e, e);
        }
    }
}
