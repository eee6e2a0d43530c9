package airlock.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps an image from being removed while it is open.
public final class ImageUse implements AutoCloseable {
    private final Path mark;
    private final FileChannel locked;

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
