package airlock.secrets;

import airlock.base.OwnFiles;
import airlock.config.KeyPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The master key as a file: 64 hex digits and a line feed, mode 0600; two such lines while one
/// key replaces another, the older one first ([Rotation]).
public final class KeyFile {
    /// Its name in the state directory.
    public static final String NAME = KeyPlace.IN_STATE;

    private static final int LARGEST = 4096;
    private static final int MOST_KEYS = 8;
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> GROUP =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.GROUP_EXECUTE);

    private final Path file;
    private final boolean isCredential;

    public KeyFile(Path file) {
        this(file, false);
    }

    private KeyFile(Path file, boolean isCredential) {
        this.file = file;
        this.isCredential = isCredential;
    }

    /// The one that the configuration means.
    public static KeyFile at(KeyPlace place) {
        return switch (place) {
            case KeyPlace.Named(var file) -> new KeyFile(file);
            case KeyPlace.InState(var file) -> new KeyFile(file);
            // an access list, which shows as the group's rights, lets the service's user read it
            case KeyPlace.Credential(var file) -> new KeyFile(file, true);
        };
    }

    /// Whether systemd gives it, so that only the operator can change it.
    boolean isCredential() {
        return isCredential;
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
        return new MasterKey(keys(), file.toString());
    }

    private List<byte[]> keys() {
        try {
            refuseOpen();
            if (Files.size(file) > LARGEST) {
                throw notAKey(null);
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            var lines = text.lines().toList();
            if (lines.isEmpty()
                    || lines.size() > MOST_KEYS
                    || lines.stream().anyMatch(line -> line.length() != 2 * MasterKey.BYTES)) {
                throw notAKey(null);
            }
            return lines.stream().map(HexFormat.of()::parseHex).toList();
        } catch (NoSuchFileException e) {
            throw new SecretsException(
                    "the master key "
                            + file
                            + " is missing, but there are secrets sealed with it: put it back from"
                            + " a backup",
                    e);
        } catch (IllegalArgumentException e) {
            throw notAKey(e);
        } catch (IOException e) {
            throw new SecretsException("reading the master key " + file + " failed", e);
        }
    }

    private void refuseOpen() throws IOException {
        var rights = Files.getPosixFilePermissions(file);
        boolean isOpen =
                rights.stream().anyMatch(OTHERS::contains)
                        || (!isCredential && rights.stream().anyMatch(GROUP::contains));
        if (isOpen) {
            throw new SecretsException(
                    "the master key "
                            + file
                            + " is open to others ("
                            + PosixFilePermissions.toString(rights)
                            + "): chmod 600 it");
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

    /// Adds a new key, which seals from now on; what was sealed before still opens.
    void add() {
        var keys = new ArrayList<>(keys());
        keys.add(fresh());
        replace(keys);
    }

    /// Forgets all keys but the newest: nothing may be sealed with another any more.
    void keepNewest() {
        replace(List.of(keys().getLast()));
    }

    /// Why it can't be changed from here, with what to do; empty where it can.
    Optional<String> isFixed() {
        if (isCredential) {
            return Optional.of("systemd gives it, and it can only be read");
        }
        return Files.isWritable(folder())
                ? Optional.empty()
                : Optional.of(
                        "this user may not write into "
                                + folder()
                                + ", where the new one has to lie beside it");
    }

    private static byte[] fresh() {
        byte[] key = new byte[MasterKey.BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /// Complete and on disk before it has its name: a key that is lost with the power makes what
    /// was sealed with it unreadable.
    private void make() {
        try {
            Path folder = folder();
            Path draft = folder.resolve(".secret" + UUID.randomUUID() + ".key");
            try {
                OwnFiles.write(draft, text(List.of(fresh())));
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                return; // somebody else made it meanwhile, and that one counts
            } finally {
                Files.deleteIfExists(draft);
            }
            OwnFiles.force(folder);
        } catch (IOException e) {
            throw new SecretsException("making the master key " + file + " failed", e);
        }
    }

    /// Removes what a change that was killed left.
    void tidy() {
        try {
            Files.deleteIfExists(draft());
        } catch (IOException e) {
            throw new SecretsException("removing " + draft() + " failed", e);
        }
    }

    private Path folder() {
        return file.toAbsolutePath().resolveSibling("");
    }

    private Path draft() {
        return OwnFiles.draft(file);
    }

    private void replace(List<byte[]> keys) {
        try {
            OwnFiles.replace(file, text(keys));
        } catch (IOException e) {
            throw new SecretsException("replacing the master key " + file + " failed", e);
        }
    }

    private static byte[] text(List<byte[]> keys) {
        var text = new StringBuilder();
        keys.forEach(key -> text.append(HexFormat.of().formatHex(key)).append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
