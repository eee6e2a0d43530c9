package airlock.secrets;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Values that operators gave for repositories: tokens, files, variables, certificates. Each is
/// sealed with the master key before it reaches the disk, for its repository, kind and name.
///
/// **Threads**: any. **Failures**: a [SecretsException] that says which file to mend.
public final class StoredSecrets {
    /// The longest value, in bytes: what fits one line to the control socket.
    public static final int LARGEST = 256 * 1024;

    /// The shortest value that logs hide, in bytes: stars in the place of every `yes` hide more
    /// than they should.
    public static final int SHORTEST_MASKED = 6;

    private static final String OF_ONE =
            " FROM secret WHERE repository = :repository AND kind = :kind AND name = :name";
    private static final String DELETE = "DELETE" + OF_ONE;
    private static final String SEALED = "SELECT sealed" + OF_ONE;

    private final Database database;
    private final InstantSource clock;
    private final KeyFile keyFile;

    /// @param keyFile the master key's file; made when the first secret is
    public StoredSecrets(Database database, InstantSource clock, KeyFile keyFile) {
        this.database = database;
        this.clock = clock;
        this.keyFile = keyFile;
    }

    /// Keeps a value; one of that kind and name is replaced.
    ///
    /// @param value 1 to [#LARGEST] bytes
    /// @param who gave it, for the record
    /// @return whether there was one
    public boolean set(
            RepositoryId repository, SecretKind kind, String name, byte[] value, String who) {
        if (value.length == 0 || value.length > LARGEST) {
            throw new IllegalArgumentException(
                    "a secret has 1 to %,d bytes, not %,d".formatted(LARGEST, value.length));
        }
        return database.write(
                handle -> {
                    byte[] sealed =
                            Seals.seal(
                                    handle,
                                    keyFile,
                                    value,
                                    label(repository.toString(), kind.key(), name));
                    boolean there =
                            handle.createUpdate(DELETE)
                                            .bind("repository", repository.toString())
                                            .bind("kind", kind.key())
                                            .bind("name", name)
                                            .execute()
                                    == 1;
                    handle.createUpdate(
                                    """
                                    INSERT INTO secret
                                        (repository, kind, name, sealed, made_by, created_at)
                                    VALUES (:repository, :kind, :name, :sealed, :who, :now)
                                    """)
                            .bind("repository", repository.toString())
                            .bind("kind", kind.key())
                            .bind("name", name)
                            .bind("sealed", sealed)
                            .bind("who", who)
                            .bind("now", clock.millis())
                            .execute();
                    return there;
                });
    }

    /// Forgets a value; says whether there was one.
    public boolean remove(RepositoryId repository, SecretKind kind, String name) {
        return database.write(
                handle ->
                        handle.createUpdate(DELETE)
                                        .bind("repository", repository.toString())
                                        .bind("kind", kind.key())
                                        .bind("name", name)
                                        .execute()
                                == 1);
    }

    /// All of them without their values, by repository, kind and name.
    public List<StoredSecret> list() {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT repository, kind, name, made_by, created_at
                                        FROM secret ORDER BY repository, kind, name
                                        """)
                                .map(
                                        (rows, _) ->
                                                new StoredSecret(
                                                        RepositoryId.parse(rows.getString(1)),
                                                        SecretKind.of(rows.getString(2))
                                                                .orElseThrow(),
                                                        rows.getString(3),
                                                        rows.getString(4),
                                                        Instant.ofEpochMilli(rows.getLong(5))))
                                .list());
    }

    /// The value; empty where there is none.
    public Optional<byte[]> open(RepositoryId repository, SecretKind kind, String name) {
        Optional<byte[]> sealed =
                database.read(
                        handle ->
                                handle.createQuery(SEALED)
                                        .bind("repository", repository.toString())
                                        .bind("kind", kind.key())
                                        .bind("name", name)
                                        .map((rows, _) -> rows.getBytes(1))
                                        .findOne());
        String label = label(repository.toString(), kind.key(), name);
        return sealed.map(bytes -> keyFile.read().open(bytes, label));
    }

    static String label(String repository, String kind, String name) {
        return kind + " '" + name + "' of " + repository;
    }
}
