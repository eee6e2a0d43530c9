package airlock.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of files, in lower-case hexadecimal digits.
final class Hashes {
    private static final int PIECE = 1 << 20;

    private Hashes() {}

    static String of(Path file) {
        return of(file, Pace.unheard());
    }

    /// @param pace hears of each piece
    static String of(Path file, Pace pace) {
        return of(file, sha256(), pace);
    }

    /// With another algorithm.
    static String of(Path file, MessageDigest digest, Pace pace) {
        var buffer = ByteBuffer.allocate(PIECE);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                pace.add(buffer.position());
                digest.update(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Of bytes.
    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        return named("SHA-256");
    }

    static MessageDigest named(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }
}
