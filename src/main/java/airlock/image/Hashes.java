package airlock.image;

import airlock.base.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// SHA-256 of files that must be readable.
final class Hashes {
    private Hashes() {}

    static String of(Path file) {
        return of(file, Pace.unheard());
    }

    /// @param pace hears of each piece
    static String of(Path file, Pace pace) {
        return of(file, Hash.sha256(), pace);
    }

    static String of(Path file, Hash empty, Pace pace) {
        try {
            return empty.add(file, pace::add).hex();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// Of texts, each with a line feed after it.
    static String ofLines(String... lines) {
        return Hash.sha256(String.join("\n", lines) + "\n");
    }
}
