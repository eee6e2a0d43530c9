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
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// Ed25519 keys of repositories. The private half is sealed with the master key before it reaches
/// the disk; it leaves this package only as a file of a secrets drive, or as a signature.
///
/// **Threads**: any. **Failures**: a [SecretsException] that says which file to mend.
///
/// @param keyFile the master key's file; made with the first key
public record SshKeys(Database database, InstantSource clock, KeyFile keyFile) {
    /// The key that a secrets drive carries.
    public static final String DEFAULT_NAME = "deploy";

    private static final String FROM_ONE = " FROM ssh_key WHERE repository = ? AND name = ?";

    /// Whether [#make] takes `name`.
    public static boolean validName(String name) {
        return SecretName.isWord(name);
    }

    /// Makes a key; empty if the name is taken, since others may rely on the key of that name.
    ///
    /// @param who asked for it, for the record
    /// @throws IllegalArgumentException if the name is not [#validName(String)]
    public Optional<SshKey> make(RepositoryId repository, String name, String who) {
        if (!validName(name)) {
            throw new IllegalArgumentException(
                    "not a key's name: '" + name + "' (a-z, 0-9, _ and -, at most 63)");
        }
        var secret = new Ed25519PrivateKeyParameters(new SecureRandom());
        String line = OpenSsh.publicLine(secret, "airlock-" + name + "@" + repository);
        Instant now = Instant.ofEpochMilli(clock.millis());
        var key = new SshKey(repository, name, line, who, now, "");
        return database.write(
                handle -> {
                    if (find(handle, repository, name).isPresent()) {
                        return Optional.empty();
                    }
                    add(handle, key, secret.getEncoded());
                    return Optional.of(key);
                });
    }

    private void add(Handle handle, SshKey key, byte[] seed) {
        byte[] sealed = keyFile.seal(handle, seed, label(key.repository().toString(), key.name()));
        Arrays.fill(seed, (byte) 0);
        handle.execute(
                """
                INSERT INTO ssh_key
                    (repository, name, public_key, sealed, created_at, made_by, used_for)
                VALUES (?, ?, ?, ?, ?, ?, '')
                """,
                key.repository().toString(),
                key.name(),
                key.publicLine(),
                sealed,
                key.made().toEpochMilli(),
                key.madeBy());
    }

    public List<SshKey> list() {
        return database.read(
                handle ->
                        handle.select("SELECT * FROM ssh_key ORDER BY repository, name")
                                .map((rows, _) -> row(rows))
                                .list());
    }

    public Optional<SshKey> find(RepositoryId repository, String name) {
        return database.read(handle -> find(handle, repository, name));
    }

    private static Optional<SshKey> find(Handle handle, RepositoryId repository, String name) {
        return select(handle, repository, name).map((rows, _) -> row(rows)).findOne();
    }

    private static Query select(Handle handle, RepositoryId repository, String name) {
        return handle.select("SELECT *" + FROM_ONE, repository.toString(), name);
    }

    /// Records to which use a target host restricts the key ([TargetLine]).
    public void use(RepositoryId repository, String name, String what) {
        String sql = "UPDATE ssh_key SET used_for = ? WHERE repository = ? AND name = ?";
        int _ = database.write(handle -> handle.execute(sql, what, repository.toString(), name));
    }

    /// Removes a key for good; returns whether it existed.
    public boolean remove(RepositoryId repository, String name) {
        String sql = "DELETE" + FROM_ONE;
        return database.write(handle -> handle.execute(sql, repository.toString(), name)) == 1;
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

    /// The private half, in 32 bytes.
    Optional<byte[]> seed(RepositoryId repository, String name) {
        Optional<byte[]> sealed =
                database.read(
                        handle ->
                                select(handle, repository, name)
                                        .map((rows, _) -> rows.getBytes("sealed"))
                                        .findOne());
        return sealed.map(bytes -> keyFile.read().open(bytes, label(repository.toString(), name)));
    }

    Optional<byte[]> privateFile(RepositoryId repository, String name) {
        var seed = seed(repository, name);
        var file = seed.map(bytes -> OpenSsh.privateFile(new Ed25519PrivateKeyParameters(bytes)));
        seed.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
        return file;
    }

    public Optional<AgentSigner> signer(RepositoryId repository, String name) {
        return find(repository, name).map(key -> new AgentSigner(key, this));
    }

    static String label(String repository, String name) {
        return "ssh key '" + name + "' of " + repository;
    }

    /// The public part of a repository's SSH key.
    ///
    /// @param name such as `deploy`
    /// @param publicLine the public half as OpenSSH writes it, on one line
    /// @param madeBy who asked for it; empty for old ones
    /// @param usedFor the use to which its line for the target host restricts it ([TargetLine]);
    ///     empty if no such line was asked for
    public record SshKey(
            RepositoryId repository,
            String name,
            String publicLine,
            String madeBy,
            Instant made,
            String usedFor) {}

    /// Signs with a stored SSH key, which is in memory only while it signs.
    ///
    /// **Threads**: any. **Failures**: a [SecretsException] if the key can't be opened or was
    /// removed.
    public record AgentSigner(SshKey key, SshKeys keys) {
        /// The public half as SSH sends it (RFC 8709, 4).
        public byte[] publicBlob() {
            return Base64.getDecoder().decode(key.publicLine().split(" ", -1)[1]);
        }

        public String comment() {
            return key.publicLine().split(" ", -1)[2];
        }

        /// The Ed25519 signature of `data`: 64 bytes (RFC 8032), without SSH's name of the
        /// algorithm.
        public byte[] sign(byte[] data) {
            byte[] seed =
                    keys.seed(key.repository(), key.name())
                            .orElseThrow(() -> new SecretsException(this + " was removed"));
            var signer = new Ed25519Signer();
            signer.init(true, new Ed25519PrivateKeyParameters(seed));
            Arrays.fill(seed, (byte) 0);
            signer.update(data, 0, data.length);
            return signer.generateSignature();
        }

        @Override
        public String toString() {
            return "the key '" + key.name() + "' of " + key.repository();
        }
    }
}
