package airlock.secrets;

import airlock.config.SecretName;
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
/// the disk, and leaves this package only as a file of a secrets drive, or in what it signs.
///
/// **Threads**: any. **Failures**: a [SecretsException] that says which file to mend.
public final class SshKeys {
    /// The key that a secrets drive carries.
    public static final String DEFAULT_NAME = "deploy";

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

    /// Whether [#make] takes `name`.
    public static boolean validName(String name) {
        return SecretName.isWord(name);
    }

    /// Makes a key, unless there is one of that name.
    ///
    /// @param who asked for it, for the record
    /// @throws IllegalArgumentException if the name is not [#validName(String)]
    public NewKey make(RepositoryId repository, String name, String who) {
        if (!validName(name)) {
            throw new IllegalArgumentException(
                    "not a key's name: '" + name + "' (a-z, 0-9, _ and -, at most 63)");
        }
        var secret = new Ed25519PrivateKeyParameters(random);
        String line = OpenSsh.publicLine(secret, "airlock-" + name + "@" + repository);
        byte[] seed = secret.getEncoded();
        return database.write(
                handle -> {
                    var there = find(handle, repository, name);
                    if (there.isPresent()) {
                        return new NewKey.Exists(there.get());
                    }
                    byte[] sealed =
                            Seals.seal(handle, keyFile, seed, label(repository.toString(), name));
                    Arrays.fill(seed, (byte) 0);
                    return new NewKey.Made(
                            add(
                                    handle,
                                    new SshKey(repository, name, line, who, now(), ""),
                                    sealed));
                });
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.instant().toEpochMilli());
    }

    private static SshKey add(Handle handle, SshKey key, byte[] sealed) {
        handle.createUpdate(
                        """
                        INSERT INTO ssh_key
                            (repository, name, public_key, sealed, created_at, made_by, used_for)
                        VALUES (:repository, :name, :line, :sealed, :now, :who, '')
                        """)
                .bind("repository", key.repository().toString())
                .bind("name", key.name())
                .bind("line", key.publicLine())
                .bind("sealed", sealed)
                .bind("now", key.made().toEpochMilli())
                .bind("who", key.madeBy())
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

    /// The key of that name; empty where there is none.
    public Optional<SshKey> find(RepositoryId repository, String name) {
        return database.read(handle -> find(handle, repository, name));
    }

    /// Writes down what a target lets the key do ([TargetLine]).
    public void use(RepositoryId repository, String name, String what) {
        int _ =
                database.write(
                        handle ->
                                handle.execute(
                                        "UPDATE ssh_key SET used_for = ? WHERE repository = ? AND name = ?",
                                        what,
                                        repository.toString(),
                                        name));
    }

    /// Forgets a key for good; says whether there was one.
    public boolean remove(RepositoryId repository, String name) {
        return database.write(
                handle ->
                        handle.execute(
                                        "DELETE FROM ssh_key WHERE repository = ? AND name = ?",
                                        repository.toString(),
                                        name)
                                == 1);
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
                rows.getString("made_by"),
                Instant.ofEpochMilli(rows.getLong("created_at")),
                rows.getString("used_for"));
    }

    /// The private half, in 32 bytes; empty where there is no such key.
    Optional<byte[]> seed(RepositoryId repository, String name) {
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
        return sealed.map(bytes -> keyFile.read().open(bytes, label(repository.toString(), name)));
    }

    /// The private key file; empty where there is no such key.
    Optional<byte[]> privateFile(RepositoryId repository, String name) {
        return seed(repository, name)
                .map(
                        seed -> {
                            byte[] file =
                                    OpenSsh.privateFile(new Ed25519PrivateKeyParameters(seed));
                            Arrays.fill(seed, (byte) 0);
                            return file;
                        });
    }

    /// What signs with a key; empty where there is no such key.
    public Optional<AgentSigner> signer(RepositoryId repository, String name) {
        return find(repository, name).map(key -> new AgentSigner(key, this));
    }

    static String label(String repository, String name) {
        return "ssh key '" + name + "' of " + repository;
    }
}
