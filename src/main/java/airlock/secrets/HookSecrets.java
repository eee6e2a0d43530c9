package airlock.secrets;

import airlock.event.Secret;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The secrets with which forges sign the deliveries of a hook (T8): made here, stored sealed and
/// shown once. A hook has at most two valid ones: the newest, and for a while the one before it.
///
/// **Threads**: any. Valid secrets are in memory, so a delivery needs no look into the database.
/// **Failures**: a [SecretsException] that says which file to mend.
public final class HookSecrets {
    private static final int BYTES = 32;

    private final Database database;
    private final InstantSource clock;
    private final KeyFile keyFile;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, List<Valid>> valid = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();

    /// @param until empty if it does not expire
    private record Valid(Secret secret, Optional<Instant> until) {
        boolean at(Instant now) {
            return until.isEmpty() || now.isBefore(until.get());
        }
    }

    /// @param keyFile the master key's file; made with the first secret
    public HookSecrets(Database database, InstantSource clock, KeyFile keyFile) {
        this.database = database;
        this.clock = clock;
        this.keyFile = keyFile;
    }

    /// Makes a secret for `hook`: 256 random bits as 64 hex digits.
    ///
    /// @param hook `FORGE/OWNER/NAME`
    /// @param older how long the secret before it stays valid, so that there is time to change it
    ///     at the forge
    /// @param who asked for it, for the record
    public Secret make(String hook, Duration older, String who) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var secret = new Secret(HexFormat.of().formatHex(bytes));
        long now = clock.millis();
        database.write(
                handle -> {
                    // a secret that is being replaced already ends now
                    handle.execute(
                            """
                            UPDATE hook_secret SET valid_until =
                                CASE WHEN valid_until IS NULL THEN ? ELSE MIN(valid_until, ?) END
                            WHERE hook = ?
                            """,
                            now + older.toMillis(),
                            now,
                            hook);
                    return handle.execute(
                            """
                            INSERT INTO hook_secret (hook, sealed, made_by, created_at)
                            VALUES (?, ?, ?, ?)
                            """,
                            hook,
                            keyFile.seal(handle, secret.bytes(), label(hook)),
                            who,
                            now);
                });
        valid.put(hook, read(hook));
        version.incrementAndGet();
        return secret;
    }

    /// Changes whenever a secret is made.
    public long version() {
        return version.get();
    }

    /// When the next of the secrets that were asked for expires; empty if none does.
    public Optional<Instant> nextEnd() {
        Instant now = clock.instant();
        return valid.values().stream()
                .flatMap(List::stream)
                .flatMap(secret -> secret.until().stream())
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    }

    /// The valid secrets of `hook`, the newest first.
    public List<Secret> of(String hook) {
        Instant now = clock.instant();
        return valid.computeIfAbsent(hook, this::read).stream()
                .filter(secret -> secret.at(now))
                .map(Valid::secret)
                .toList();
    }

    private List<Valid> read(String hook) {
        return database.read(
                handle ->
                        handle.select(
                                        """
                                        SELECT sealed, valid_until FROM hook_secret
                                        WHERE hook = ? AND (valid_until IS NULL OR valid_until > ?)
                                        ORDER BY seq DESC
                                        """,
                                        hook,
                                        clock.millis())
                                .map((rows, _) -> row(rows, hook))
                                .list());
    }

    private Valid row(ResultSet rows, String hook) throws SQLException {
        byte[] secret = keyFile.read().open(rows.getBytes(1), label(hook));
        Instant until = Instant.ofEpochMilli(rows.getLong(2));
        return new Valid(
                new Secret(new String(secret, StandardCharsets.US_ASCII)),
                rows.wasNull() ? Optional.empty() : Optional.of(until));
    }

    static String label(String hook) {
        return "secret of the hook " + hook;
    }
}
