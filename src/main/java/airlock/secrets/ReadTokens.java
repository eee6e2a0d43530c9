package airlock.secrets;

import airlock.base.Hash;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.store.Database;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/// Tokens with which people and programs read private repositories (T9, T10). Only hashes are kept.
///
/// **Comparing**: a token is looked up by its hash. The time that takes tells about the hash of the
/// token sent; choosing that hash takes a broken SHA-256.
/// **Threads**: any. **Failures**: a [airlock.store.StoreException]. **Limits**: names as
/// [#validName(String)], life up to [#LONGEST].
public record ReadTokens(Database database, InstantSource clock) {
    public static final Duration USUAL = Duration.ofDays(90);

    public static final Duration LONGEST = Duration.ofDays(3660);

    /// How far a clock may be set back before tokens that were just made are refused.
    static final Duration CLOCK_SLACK = Duration.ofDays(1);

    private static final String PREFIX = "airlock_";
    private static final int BYTES = 32;
    private static final Pattern TOKEN = Pattern.compile(PREFIX + "[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    /// Whether [#make] takes `name`.
    public static boolean validName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Makes a token of 256 random bits for reading `repositories`.
    ///
    /// @param life from now, up to [#LONGEST]
    /// @param who the user who asks for it
    /// @return its text, which can't be read again; empty if the name is taken
    /// @throws IllegalArgumentException for a bad name or life, or without a repository
    public Optional<Secret> make(
            String name, Collection<RepositoryId> repositories, Duration life, String who) {
        if (!validName(name)) {
            throw new IllegalArgumentException(
                    "not a token's name: '" + name + "' (a-z, 0-9, '.', '_' and -, at most 63)");
        }
        if (!life.isPositive() || life.compareTo(LONGEST) > 0 || repositories.isEmpty()) {
            throw new IllegalArgumentException(
                    "a token needs a repository and a life of 1 to %d days, not %d repositories and %d days"
                            .formatted(LONGEST.toDays(), repositories.size(), life.toDays()));
        }
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        var text = new Secret(PREFIX + HexFormat.of().formatHex(bits));
        Instant now = Instant.ofEpochMilli(clock.millis());
        var sorted =
                repositories.stream()
                        .distinct()
                        .sorted(Comparator.comparing(RepositoryId::toString))
                        .toList();
        var token = new ReadToken(name, sorted, who, now, now.plus(life));
        return database.write(handle -> add(handle, token, text));
    }

    private static Optional<Secret> add(Handle handle, ReadToken token, Secret text) {
        int added =
                handle.execute(
                        """
                        INSERT INTO token (name, hash, made_by, created_at, expires_at)
                        VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING
                        """,
                        token.name(),
                        hash(text),
                        token.madeBy(),
                        token.made().toEpochMilli(),
                        token.expires().toEpochMilli());
        if (added == 0) {
            return Optional.empty();
        }
        for (var repository : token.repositories()) {
            handle.execute(
                    "INSERT INTO token_repository VALUES (?, ?)",
                    token.name(),
                    repository.toString());
        }
        return Optional.of(text);
    }

    /// All tokens that are not revoked, expired ones too, by name.
    public List<ReadToken> list() {
        return database.read(
                handle ->
                        handle.select("SELECT * FROM token ORDER BY name")
                                .map((rows, _) -> row(handle, rows))
                                .list());
    }

    /// Ends a token; returns whether it existed.
    public boolean revoke(String name) {
        return database.write(
                handle -> handle.execute("DELETE FROM token WHERE name = ?", name) == 1);
    }

    /// The repositories that `token` opens now; none if it is unknown, expired or revoked.
    public Set<RepositoryId> openedBy(Secret token) {
        if (!TOKEN.matcher(token.reveal()).matches()) {
            return Set.of();
        }
        return database.read(
                        handle ->
                                handle.select("SELECT * FROM token WHERE hash = ?", hash(token))
                                        .map((rows, _) -> row(handle, rows))
                                        .findOne())
                .filter(found -> found.isValid(clock.instant()))
                .map(found -> Set.copyOf(found.repositories()))
                .orElse(Set.of());
    }

    private static ReadToken row(Handle handle, ResultSet rows) throws SQLException {
        String name = rows.getString("name");
        return new ReadToken(
                name,
                handle.select(
                                "SELECT repository FROM token_repository WHERE token = ? ORDER BY"
                                        + " repository",
                                name)
                        .map((own, _) -> RepositoryId.parse(own.getString(1)))
                        .list(),
                rows.getString("made_by"),
                Instant.ofEpochMilli(rows.getLong("created_at")),
                Instant.ofEpochMilli(rows.getLong("expires_at")));
    }

    private static String hash(Secret token) {
        return Hash.sha256(token.bytes());
    }

    /// A token for reading, without its text, which only its maker has.
    ///
    /// @param repositories that it opens, sorted by id
    /// @param madeBy the user who made it
    /// @param expires from when on it opens nothing
    public record ReadToken(
            String name,
            List<RepositoryId> repositories,
            String madeBy,
            Instant made,
            Instant expires) {
        public ReadToken {
            repositories = List.copyOf(repositories);
        }

        /// Whether it opens anything at `now`. A token made in the future means that the clock was
        /// set back since, so the token would outlive its intended life.
        public boolean isValid(Instant now) {
            return now.isBefore(expires) && !made.isAfter(now.plus(ReadTokens.CLOCK_SLACK));
        }
    }
}
