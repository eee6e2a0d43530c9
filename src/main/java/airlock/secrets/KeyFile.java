package airlock.secrets;

import airlock.base.OwnFiles;
import airlock.config.KeyPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The file of the master key: 64 hex digits and a line feed, mode 0600. While a new key replaces
/// an old one ([Rotation]) it has two such lines, the older one first.
public record KeyFile(Path file, boolean isCredential) {
    public static final String NAME = KeyPlace.IN_STATE;

    private static final int LARGEST = 4096;
    private static final String KEYS = "[0-9a-fA-F]{64}(\r?\n[0-9a-fA-F]{64}){0,7}";

    /// Where the permissions of group and others begin in `rwxr-x---`.
    private static final int GROUP = 3;

    private static final int OTHERS = 6;

    public KeyFile(Path file) {
        this(file, false);
    }

    public static KeyFile at(KeyPlace place) {
        return switch (place) {
            case KeyPlace.Named(var file) -> new KeyFile(file);
            case KeyPlace.InState(var file) -> new KeyFile(file);
            // readable for the service's user by an access list, which shows as group permissions
            case KeyPlace.Credential(var file) -> new KeyFile(file, true);
        };
    }

    boolean exists() {
        return Files.exists(file);
    }

    /// Why the key can't be used, with what to do; empty if it can, or does not exist yet.
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

    /// @throws SecretsException if the file is missing, holds no key, or others may read it
    MasterKey read() {
        return new MasterKey(keys(), file.toString());
    }

    private List<byte[]> keys() {
        try {
            refuseOpen();
            if (Files.size(file) > LARGEST) {
                throw damaged();
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!text.matches(KEYS)) {
                throw damaged();
            }
            return text.lines().map(HexFormat.of()::parseHex).toList();
        } catch (NoSuchFileException e) {
            throw new SecretsException(
                    "the master key %s is missing, but there are secrets sealed with it: put it back from a backup"
                            .formatted(file),
                    e);
        } catch (IOException e) {
            throw new SecretsException("reading the master key " + file + " failed", e);
        }
    }

    private void refuseOpen() throws IOException {
        var rights = Files.getPosixFilePermissions(file);
        String text = PosixFilePermissions.toString(rights);
        if (!text.substring(isCredential ? OTHERS : GROUP).matches("-+")) {
            throw new SecretsException(
                    "the master key %s is open to others (%s): chmod 600 it".formatted(file, text));
        }
    }

    private SecretsException damaged() {
        return new SecretsException(
                "the master key " + file + " is damaged: expected 64 hex digits and a line feed");
    }

    /// Seals for the database, within the transaction that writes the result: a later [Rotation]
    /// finds the row, and an earlier one has changed the key. Makes a master key only as long as
    /// nothing is sealed with another.
    byte[] seal(Handle handle, byte[] secret, String label) {
        boolean sealed =
                handle.createQuery(
                                """
                                SELECT EXISTS (SELECT 1 FROM ssh_key)
                                    OR EXISTS (SELECT 1 FROM hook_secret)
                                    OR EXISTS (SELECT 1 FROM secret)
                                """)
                        .mapTo(Boolean.class)
                        .one();
        return (sealed ? read() : readOrMake()).seal(secret, label);
    }

    /// Reads the key, or makes it if the file is missing; concurrent callers get the same.
    MasterKey readOrMake() {
        if (!exists()) {
            make();
        }
        return read();
    }

    /// Adds a new key, which seals from now on; earlier secrets still open.
    void add() {
        var keys = new ArrayList<>(keys());
        keys.add(fresh());
        replace(keys);
    }

    /// Forgets all keys but the newest. No secret may be sealed with an older one.
    void keepNewest() {
        replace(List.of(keys().getLast()));
    }

    /// Why this process can't change the file; empty if it can.
    Optional<String> isFixed() {
        if (isCredential) {
            return Optional.of("systemd gives it, and it can only be read");
        }
        return Files.isWritable(folder())
                ? Optional.empty()
                : Optional.of(
                        "the new file has to be made in %s, where this user may not write"
                                .formatted(folder()));
    }

    private static byte[] fresh() {
        byte[] key = new byte[MasterKey.BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /// Writes it completely to disk before it gets its name: if a power failure loses a key, all
    /// that was sealed with it is unreadable.
    private void make() {
        try {
            Path folder = folder();
            Path draft = folder.resolve(".secret" + UUID.randomUUID() + ".key");
            try {
                OwnFiles.write(draft, text(List.of(fresh())));
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                return; // made by another caller meanwhile, whose key counts
            } finally {
                Files.deleteIfExists(draft);
            }
            OwnFiles.force(folder);
        } catch (IOException e) {
            throw new SecretsException("making the master key " + file + " failed", e);
        }
    }

    /// Removes the draft that a killed process left.
    void tidy() {
        Path draft = OwnFiles.draft(file);
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw new SecretsException("removing " + draft + " failed", e);
        }
    }

    private Path folder() {
        return file.toAbsolutePath().resolveSibling("");
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
