package airlock.secrets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// The master key as a file: 64 hex digits and a line feed, mode 0600.
public final class KeyFile {
    /// Its name in the state directory.
    public static final String NAME = "secret.key";

    private static final int LARGEST = 4096;
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    private final Path file;

    public KeyFile(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    Path path() {
        return file;
    }

    /// Why the key can't be used, with what to do; empty where it can, or there is none yet.
    public Optional<String> hindrance() {
        try {
            if (exists()) {
                var _ = read();
            }
            return Optional.empty();
        } catch (SecretsException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Reads the key.
    ///
    /// @throws SecretsException if the file is missing, holds no key, or others may read it
    MasterKey read() {
        try {
            var readable = EnumSet.copyOf(OTHERS);
            readable.retainAll(Files.getPosixFilePermissions(file));
            if (!readable.isEmpty()) {
                throw new SecretsException(
                        "the master key "
                                + file
                                + " is open to others ("
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                                + "): chmod 600 it");
            }
            if (Files.size(file) > LARGEST) {
                throw notAKey(null);
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (text.length() != 2 * MasterKey.BYTES) {
                throw notAKey(null);
            }
            return new MasterKey(HexFormat.of().parseHex(text), file.toString());
        } catch (NoSuchFileException e) {
            throw new SecretsException(
                    "the master key "
                            + file
                            + " is missing, but there are secrets sealed with it: put it back from a backup",
                    e);
        } catch (IllegalArgumentException e) {
            throw notAKey(e);
        } catch (IOException e) {
            throw new SecretsException("reading the master key " + file + " failed", e);
        }
    }

    private SecretsException notAKey(@org.jspecify.annotations.Nullable Exception cause) {
        String message =
                "the master key " + file + " is damaged: expected 64 hex digits and a line feed";
        return cause == null ? new SecretsException(message) : new SecretsException(message, cause);
    }

    /// Reads the key and makes one where there is none; two who do so at once get the same.
    MasterKey readOrMake() {
        if (!exists()) {
            make();
        }
        return read();
    }

    /// Complete and on disk before it has its name: a key that is lost with the power makes what
    /// was sealed with it unreadable.
    private void make() {
        byte[] key = new byte[MasterKey.BYTES];
        new SecureRandom().nextBytes(key);
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path draft =
                    Files.createTempFile(
                            folder,
                            ".secret",
                            ".key",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            try (var out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                String text = HexFormat.of().formatHex(key) + "\n";
                out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                out.force(true);
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                return; // somebody else made it meanwhile, and that one counts
            } finally {
                Files.deleteIfExists(draft);
            }
            try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new SecretsException("making the master key " + file + " failed", e);
        }
    }
}
