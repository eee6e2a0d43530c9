package airlock.site;

import airlock.base.Loops;
import airlock.config.RepositoryConfig;
import airlock.config.RepositoryConfig.Exposure;
import airlock.event.RepositoryId;
import airlock.forge.AnonymousLook;
import airlock.forge.ForgeRepository;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tracks which repositories are public on their forge (T10), by asking forges at intervals in the
/// background: no page waits for a forge, and no client can make Airlock ask one.
///
/// **Threads**: any; it has one for each forge. **Failures**: if a forge gives no clear answer, a
/// repository is private once the last good answer is [#FRESH] old. Nothing survives a restart.
public final class ForgeLooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForgeLooks.class);

    /// How long an answer is valid (T10).
    static final Duration FRESH = Duration.ofMinutes(10);

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final int LEAST_MINUTES = 4;
    private static final int MOST_MINUTES = 9;

    private final Configured configured;
    private final Map<String, AnonymousLook> forges;
    private final InstantSource clock;
    private final Map<RepositoryId, Instant> shown = new ConcurrentHashMap<>();
    private final Map<RepositoryId, Instant> tried = new ConcurrentHashMap<>();
    private final Map<RepositoryId, String> logged = new ConcurrentHashMap<>();
    private final Map<String, Instant> pauses = new ConcurrentHashMap<>();
    private final Loops loops = new Loops();

    public ForgeLooks(
            Configured configured, Map<String, AnonymousLook> forges, InstantSource clock) {
        this.configured = configured;
        this.forges = Map.copyOf(forges);
        this.clock = clock;
    }

    /// Whether the forge showed the repository to everyone within the last [#FRESH].
    boolean show(RepositoryId repository) {
        var seen = shown.get(repository);
        Instant now = clock.instant();
        return seen != null && !seen.isAfter(now) && now.isBefore(seen.plus(FRESH));
    }

    public void start() {
        for (String forge : forges.keySet()) {
            if (!asked(forge).isEmpty()) {
                loops.every(POLL, "look-" + forge, () -> lookOnce(forge));
            }
        }
    }

    /// Asks about each repository of `forge` that is due; returns how many.
    int lookOnce(String forge) {
        var asked = asked(forge);
        int looked = 0;
        for (var repository : asked) {
            var id = configured.idOf(repository);
            if (id.isPresent() && isDue(id.get(), every(asked.size())) && !isPaused(forge)) {
                look(forge, new ForgeRepository(id.get(), repository.name()));
                looked++;
            }
        }
        return looked;
    }

    private List<RepositoryConfig> asked(String forge) {
        return configured.repositories().stream()
                .filter(repository -> repository.forge().equals(forge))
                .filter(repository -> repository.exposure() == Exposure.AS_THE_FORGE)
                .toList();
    }

    /// Less often for many repositories: GitHub allows 60 anonymous requests an hour.
    private static Duration every(int repositories) {
        return Duration.ofMinutes(Math.clamp(repositories, LEAST_MINUTES, MOST_MINUTES));
    }

    private boolean isDue(RepositoryId id, Duration every) {
        var last = tried.get(id);
        Instant now = clock.instant();
        return last == null || last.isAfter(now) || !now.isBefore(last.plus(every));
    }

    /// A pause longer than any real one means that the clock was set back since.
    private boolean isPaused(String forge) {
        var until = pauses.get(forge);
        Instant now = clock.instant();
        return until != null && until.isAfter(now) && until.isBefore(now.plus(Duration.ofHours(7)));
    }

    private void look(String forge, ForgeRepository repository) {
        var id = repository.id();
        // from before the answer: it may be outdated when it arrives
        Instant asked = clock.instant();
        tried.put(id, asked);
        switch (Objects.requireNonNull(forges.get(forge)).look(repository)) {
            case AnonymousLook.Answer.Shown _ -> {
                shown.put(id, asked);
                say(id, "is public on its forge");
            }
            case AnonymousLook.Answer.Hidden hidden -> {
                shown.remove(id);
                say(id, "is private: " + hidden.why());
            }
            case AnonymousLook.Answer.Unclear unclear -> {
                if (unclear.pause().isPositive()) {
                    pauses.put(forge, asked.plus(unclear.pause()));
                }
                say(id, "may be private, its forge gave no clear answer: " + unclear.why());
            }
        }
    }

    private void say(RepositoryId id, String what) {
        String line = SafeText.line(what);
        if (!line.equals(logged.put(id, line))) {
            LOG.atInfo().addKeyValue("repository", id).log("{}", line);
        }
    }

    @Override
    public void close() {
        loops.close();
    }
}
