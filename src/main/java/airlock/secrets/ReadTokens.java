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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/// Tokens with which people and programs read what is private (T9, T10). Only hashes are kept.
///
/// **Comparing**: a token is looked up by its hash. How long that takes tells about the hash of
/// what was sent, and who can choose that has already broken SHA-256.
/// **Threads**: any. **Failures**: a [airlock.store.StoreException]. **Limits**: names as
/// [#validName(String)], life up to [#LONGEST].
public final class ReadTokens {
    /// How long a token lives where nobody says otherwise.
    public static final Duration USUAL = Duration.ofDays(90);

    /// The longest life of a token.
    public static final Duration LONGEST = Duration.ofDays(3660);

    /// How far a clock may be set back before tokens that were just made are refused.
    static final Duration CLOCK_SLACK = Duration.ofDays(1);

    private static final String PREFIX = "airlock_";
    private static final int BYTES = 32;
    private static final Pattern TOKEN = Pattern.compile(PREFIX + "[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public ReadTokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Whether [#make] takes `name`.
    public static boolean validName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Makes a token of 256 random bits for reading `repositories`, unless there is one of that
    /// name.
    ///
    /// @param life from now, up to [#LONGEST]
    /// @param who the user who asks for it
    /// @throws IllegalArgumentException for a name, a life or no repositories that can't be
    public NewToken make(
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
        random.nextBytes(bits);
        var text = new Secret(PREFIX + HexFormat.of().formatHex(bits));
        Instant now = Instant.ofEpochMilli(clock.millis());
        var token =
                new ReadToken(
                        name,
                        repositories.stream().distinct().sorted(ReadTokens::byText).toList(),
                        who,
                        now,
                        now.plus(life));
        return database.write(handle -> add(handle, token, text));
    }

    private static int byText(RepositoryId a, RepositoryId b) {
        return a.toString().compareTo(b.toString());
    }

    private static NewToken add(Handle handle, ReadToken token, Secret text) {
        int added =
                handle.createUpdate(
                                """
                                INSERT INTO token (name, hash, made_by, created_at, expires_at)
                                VALUES (:name, :hash, :who, :made, :expires) ON CONFLICT (name) DO NOTHING
                                """)
                        .bind("name", token.name())
                        .bind("hash", hash(text))
                        .bind("who", token.madeBy())
                        .bind("made", token.made().toEpochMilli())
                        .bind("expires", token.expires().toEpochMilli())
                        .execute();
        if (added == 0) {
            return new NewToken.Exists(token.name());
        }
        for (var repository : token.repositories()) {
            handle.createUpdate("INSERT INTO token_repository VALUES (:token, :repository)")
                    .bind("token", token.name())
                    .bind("repository", repository.toString())
                    .execute();
        }
        return new NewToken.Made(text, token);
    }

    /// All that were made and not revoked, expired ones too, by name.
    public List<ReadToken> list() {
        return database.read(
                handle ->
                        handle.createQuery("SELECT * FROM token ORDER BY name")
                                .map((rows, _) -> row(handle, rows))
                                .list());
    }

    /// Ends a token; says whether there was one of that name.
    public boolean revoke(String name) {
        return database.write(
                handle ->
                        handle.createUpdate("DELETE FROM token WHERE name = :name")
                                        .bind("name", name)
                                        .execute()
                                == 1);
    }

    /// What `token` opens now: nothing where it is none of ours, has expired or was revoked.
    public Set<RepositoryId> openedBy(Secret token) {
        if (!TOKEN.matcher(token.reveal()).matches()) {
            return Set.of();
        }
        return database.read(
                        handle ->
                                handle.createQuery("SELECT * FROM token WHERE hash = :hash")
                                        .bind("hash", hash(token))
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
                handle.createQuery(
                                """
                                SELECT repository FROM token_repository
                                WHERE token = :token ORDER BY repository
                                """)
                        .bind("token", name)
                        .map((own, _) -> RepositoryId.parse(own.getString(1)))
                        .list(),
                rows.getString("made_by"),
                Instant.ofEpochMilli(rows.getLong("created_at")),
                Instant.ofEpochMilli(rows.getLong("expires_at")));
    }

    private static String hash(Secret token) {
        return Hash.sha256(token.bytes());
    }
}
