package airlock.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// An incremental checksum, and SHA-256 of texts, bytes and files. Hexadecimal digits are
/// lower-case.
public final class Hash {
    private static final int PIECE = 1 << 20;

    private final MessageDigest digest;

    private Hash(String algorithm) {
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }

    public static Hash sha256() {
        return new Hash("SHA-256");
    }

    /// A new hash by another algorithm that every Java has, such as `SHA-512`.
    public static Hash by(String algorithm) {
        return new Hash(algorithm);
    }

    /// SHA-256 of a text's UTF-8 bytes, 64 digits.
    public static String sha256(String text) {
        return sha256().add(text).hex();
    }

    public static String sha256(byte[] bytes) {
        return sha256().add(bytes).hex();
    }

    public static String sha256(Path file) throws IOException {
        return sha256().add(file, _ -> {}).hex();
    }

    /// Adds a text's UTF-8 bytes.
    public Hash add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    public Hash add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    public Hash add(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
        return this;
    }

    public Hash add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /// Adds all of a file.
    ///
    /// @param progress hears the length of each piece
    public Hash add(Path file, LongConsumer progress) throws IOException {
        var buffer = ByteBuffer.allocate(PIECE);
        try (var channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                progress.accept(buffer.position());
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return this;
    }

    /// The hash of the added bytes; resets this object.
    public byte[] bytes() {
        return digest.digest();
    }

    /// As [#bytes()], in hexadecimal.
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }
}
