package airlock.secrets;

import airlock.event.RepositoryId;
import airlock.store.Database;
import airlock.text.SecretForms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Values that operators set for repositories: tokens, files, variables, certificates. Each is
/// sealed with the master key before it reaches the disk, for its repository, kind and name.
///
/// **Threads**: any. **Failures**: a [SecretsException] that says which file to mend.
///
/// @param keyFile the master key's file; made with the first secret
public record StoredSecrets(Database database, InstantSource clock, KeyFile keyFile) {
    /// The longest value, in bytes: as much as fits one line to the control socket.
    public static final int LARGEST = 256 * 1024;

    /// The shortest value that logs hide, in bytes: stars in place of every `yes` would hide more
    /// than they should.
    public static final int SHORTEST_MASKED = SecretForms.SHORTEST;

    private static final String OF_ONE =
            " FROM secret WHERE repository = ? AND kind = ? AND name = ?";

    /// Stores a value, in place of one of the same kind and name.
    ///
    /// @param value 1 to [#LARGEST] bytes
    /// @param who set it, for the record
    /// @return whether it replaced another
    public boolean set(
            RepositoryId repository, SecretKind kind, String name, byte[] value, String who) {
        if (value.length == 0 || value.length > LARGEST) {
            throw new IllegalArgumentException(
                    "a secret has 1 to %,d bytes, not %,d".formatted(LARGEST, value.length));
        }
        String label = label(repository.toString(), kind.key(), name);
        return database.write(
                handle -> {
                    byte[] sealed = keyFile.seal(handle, value, label);
                    boolean existed = remove(handle, repository, kind, name);
                    handle.execute(
                            """
                            INSERT INTO secret
                                (repository, kind, name, sealed, made_by, created_at)
                            VALUES (?, ?, ?, ?, ?, ?)
                            """,
                            repository.toString(),
                            kind.key(),
                            name,
                            sealed,
                            who,
                            clock.millis());
                    return existed;
                });
    }

    /// Removes a value; returns whether it existed.
    public boolean remove(RepositoryId repository, SecretKind kind, String name) {
        return database.write(handle -> remove(handle, repository, kind, name));
    }

    private static boolean remove(
            Handle handle, RepositoryId repository, SecretKind kind, String name) {
        return handle.execute("DELETE" + OF_ONE, repository.toString(), kind.key(), name) == 1;
    }

    /// All values, without the values themselves, by repository, kind and name.
    public List<StoredSecret> list() {
        return database.read(
                handle ->
                        handle.select("SELECT * FROM secret ORDER BY repository, kind, name")
                                .map((rows, _) -> row(rows))
                                .list());
    }

    private static StoredSecret row(ResultSet rows) throws SQLException {
        return new StoredSecret(
                RepositoryId.parse(rows.getString("repository")),
                SecretKind.of(rows.getString("kind")).orElseThrow(),
                rows.getString("name"),
                rows.getString("made_by"),
                Instant.ofEpochMilli(rows.getLong("created_at")));
    }

    public Optional<byte[]> open(RepositoryId repository, SecretKind kind, String name) {
        String place = repository.toString();
        String sql = "SELECT sealed" + OF_ONE;
        Optional<byte[]> sealed =
                database.read(
                        handle ->
                                handle.select(sql, place, kind.key(), name)
                                        .mapTo(byte[].class)
                                        .findOne());
        return sealed.map(bytes -> keyFile.read().open(bytes, label(place, kind.key(), name)));
    }

    static String label(String repository, String kind, String name) {
        return kind + " '" + name + "' of " + repository;
    }

    /// A secret that an operator set, without its value.
    ///
    /// @param madeBy who set it
    public record StoredSecret(
            RepositoryId repository, SecretKind kind, String name, String madeBy, Instant made) {}

    /// The use of a stored secret.
    public enum SecretKind {
        /// The host adds it to requests.
        TOKEN,
        /// A file on secrets drives.
        FILE,
        /// A file on secrets drives, for actions that name it.
        VARIABLE,
        /// A user certificate for the SSH key of the same name.
        CERTIFICATE;

        /// The word as it is stored and shown: `token`.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Reads a [#key()].
        public static Optional<SecretKind> of(String key) {
            return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
        }
    }
}
