package airlock.secrets;

import airlock.event.Secret;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
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

/// The secrets with which forges sign the deliveries of a hook (T8), made here, sealed on the disk
/// and told once. Of a hook at most two are good: the newest, and for a while the one before it.
///
/// **Threads**: any; what is good is in memory, so that a delivery costs no look into the database.
/// **Failures**: a [SecretsException] that says which file to mend.
public final class HookSecrets {
    private static final int BYTES = 32;

    private final Database database;
    private final InstantSource clock;
    private final KeyFile keyFile;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, List<Good>> good = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();

    /// @param until when it ceases to be good, empty for never
    private record Good(Secret secret, Optional<Instant> until) {
        boolean at(Instant now) {
            return until.isEmpty() || now.isBefore(until.get());
        }
    }

    /// @param keyFile the master key's file; made when the first secret is
    public HookSecrets(Database database, InstantSource clock, KeyFile keyFile) {
        this.database = database;
        this.clock = clock;
        this.keyFile = keyFile;
    }

    /// Makes a secret for `hook`: 256 random bits as 64 hex digits.
    ///
    /// @param hook `FORGE/OWNER/NAME`
    /// @param older how long the secret before it stays good, so that the forge can be told
    /// @param who asked for it, for the record
    public Secret make(String hook, Duration older, String who) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var secret = new Secret(HexFormat.of().formatHex(bytes));
        Instant now = clock.instant();
        database.write(
                handle -> {
                    // of those before, only the newest has a while left
                    handle.createUpdate(
                                    """
                                    UPDATE hook_secret SET valid_until =
                                        CASE WHEN valid_until IS NULL THEN :until
                                            ELSE MIN(valid_until, :now) END
                                    WHERE hook = :hook
                                    """)
                            .bind("until", now.plus(older).toEpochMilli())
                            .bind("now", now.toEpochMilli())
                            .bind("hook", hook)
                            .execute();
                    return handle.createUpdate(
                                    """
                                    INSERT INTO hook_secret (hook, sealed, made_by, created_at)
                                    VALUES (:hook, :sealed, :who, :now)
                                    """)
                            .bind("hook", hook)
                            .bind(
                                    "sealed",
                                    Seals.seal(handle, keyFile, secret.bytes(), label(hook)))
                            .bind("who", who)
                            .bind("now", now.toEpochMilli())
                            .execute();
                });
        good.put(hook, read(hook));
        version.incrementAndGet();
        return secret;
    }

    /// Another number once a secret has been made.
    public long version() {
        return version.get();
    }

    /// When the next secret ends of those that were asked for; empty if none does.
    public Optional<Instant> nextEnd() {
        Instant now = clock.instant();
        return good.values().stream()
                .flatMap(List::stream)
                .flatMap(secret -> secret.until().stream())
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    }

    /// Those of `hook` that are good now, the newest first; empty where none was made here.
    public List<Secret> of(String hook) {
        Instant now = clock.instant();
        return good.computeIfAbsent(hook, this::read).stream()
                .filter(secret -> secret.at(now))
                .map(Good::secret)
                .toList();
    }

    private List<Good> read(String hook) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT sealed, valid_until FROM hook_secret
                                        WHERE hook = :hook
                                            AND (valid_until IS NULL OR valid_until > :now)
                                        ORDER BY seq DESC
                                        """)
                                .bind("hook", hook)
                                .bind("now", clock.millis())
                                .map(
                                        (rows, _) ->
                                                new Good(
                                                        opened(rows.getBytes(1), hook),
                                                        Optional.ofNullable(rows.getObject(2))
                                                                .map(
                                                                        until ->
                                                                                Instant
                                                                                        .ofEpochMilli(
                                                                                                ((Number)
                                                                                                                until)
                                                                                                        .longValue()))))
                                .list());
    }

    private Secret opened(byte[] sealed, String hook) {
        return new Secret(
                new String(keyFile.read().open(sealed, label(hook)), StandardCharsets.US_ASCII));
    }

    static String label(String hook) {
        return "secret of the hook " + hook;
    }
}
