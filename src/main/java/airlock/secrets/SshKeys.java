package airlock.secrets;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.jdbi.v3.core.Handle;

/// Ed25519 keys of repositories. The private half is sealed with the master key before it reaches
/// the disk, and leaves this package only as a file of a secrets drive.
///
/// **Threads**: any. **Failures**: a [SecretsException] that says which file to mend.
public final class SshKeys {
    /// The key that a secrets drive carries.
    public static final String DEFAULT_NAME = "deploy";

    private static final String NAMES = "[a-z0-9][a-z0-9_-]{0,62}";

    private final Database database;
    private final InstantSource clock;
    private final KeyFile keyFile;
    private final SecureRandom random = new SecureRandom();

    /// @param keyFile the master key's file; made when the first key is
    public SshKeys(Database database, InstantSource clock, KeyFile keyFile) {
        this.database = database;
        this.clock = clock;
        this.keyFile = keyFile;
    }

    /// Whether [#make(RepositoryId, String)] takes `name`.
    public static boolean validName(String name) {
        return name.matches(NAMES);
    }

    /// Makes a key, unless there is one of that name.
    ///
    /// @throws IllegalArgumentException if the name is not [#validName(String)]
    public NewKey make(RepositoryId repository, String name) {
        if (!validName(name)) {
            throw new IllegalArgumentException(
                    "not a key's name: '" + name + "' (a-z, 0-9, _ and -, at most 63)");
        }
        var masterKey = Seals.key(database, keyFile);
        var secret = new Ed25519PrivateKeyParameters(random);
        String line = OpenSsh.publicLine(secret, "airlock-" + name + "@" + repository);
        byte[] seed = secret.getEncoded();
        byte[] sealed = masterKey.seal(seed, label(repository, name));
        Arrays.fill(seed, (byte) 0);
        return database.write(
                handle -> {
                    var there = find(handle, repository, name);
                    if (there.isPresent()) {
                        return new NewKey.Exists(there.get());
                    }
                    return new NewKey.Made(
                            add(handle, new SshKey(repository, name, line, now()), sealed));
                });
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.instant().toEpochMilli());
    }

    private static SshKey add(Handle handle, SshKey key, byte[] sealed) {
        handle.createUpdate(
                        """
                        INSERT INTO ssh_key (repository, name, public_key, sealed, created_at)
                        VALUES (:repository, :name, :line, :sealed, :now)
                        """)
                .bind("repository", key.repository().toString())
                .bind("name", key.name())
                .bind("line", key.publicLine())
                .bind("sealed", sealed)
                .bind("now", key.made().toEpochMilli())
                .execute();
        return key;
    }

    /// All keys, by repository and name.
    public List<SshKey> list() {
        return database.read(
                handle ->
                        handle.createQuery("SELECT * FROM ssh_key ORDER BY repository, name")
                                .map((rows, _) -> row(rows))
                                .list());
    }

    private static Optional<SshKey> find(Handle handle, RepositoryId repository, String name) {
        return handle.createQuery(
                        "SELECT * FROM ssh_key WHERE repository = :repository AND name = :name")
                .bind("repository", repository.toString())
                .bind("name", name)
                .map((rows, _) -> row(rows))
                .findOne();
    }

    private static SshKey row(ResultSet rows) throws SQLException {
        return new SshKey(
                RepositoryId.parse(rows.getString("repository")),
                rows.getString("name"),
                rows.getString("public_key"),
                Instant.ofEpochMilli(rows.getLong("created_at")));
    }

    /// The private key file; empty where there is no such key.
    Optional<byte[]> privateFile(RepositoryId repository, String name) {
        Optional<byte[]> sealed =
                database.read(
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT sealed FROM ssh_key
                                                WHERE repository = :repository AND name = :name
                                                """)
                                        .bind("repository", repository.toString())
                                        .bind("name", name)
                                        .map((rows, _) -> rows.getBytes("sealed"))
                                        .findOne());
        return sealed.map(
                bytes -> {
                    byte[] seed = keyFile.read().open(bytes, label(repository, name));
                    byte[] file = OpenSsh.privateFile(new Ed25519PrivateKeyParameters(seed));
                    Arrays.fill(seed, (byte) 0);
                    return file;
                });
    }

    private static String label(RepositoryId repository, String name) {
        return "ssh key '" + name + "' of " + repository;
    }
}
