package airlock.retention;

import airlock.base.Loops;
import airlock.config.Housekeeping;
import airlock.config.RetainedKind;
import airlock.config.Retention;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableLook.Which;
import airlock.retention.Choice.PagedRemoval;
import airlock.store.Database;
import airlock.store.DiskSpace;
import airlock.store.Stillness;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Frees disk space, at the start and periodically: removes files that a crash left, items that are
/// too old, and items above quota or total. While the disk is nearly full, also removes source tars
/// and mirrors, outside ones first, then the oldest. docs/adr/0018 has the order of rows and files.
///
/// **Threads**: one of its own; [#look()] on the caller's, one at a time. **Failures** of one kind
/// do not stop the others. Removes nothing while a backup is being made.
public final class Janitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private static final Duration TIDY_EVERY = Duration.ofDays(1);
    private static final Duration LEAP = Duration.ofDays(1);

    private final Parts parts;
    private final Housekeeping housekeeping;
    private final Function<String, Retention> policy;
    private final Loops loop = new Loops();
    private Optional<Instant> tidied = Optional.empty();

    /// The data and the disk that the janitor works on.
    ///
    /// @param prunables one per kind
    /// @param still held while it removes, so that a backup never misses a file
    public record Parts(
            Map<RetainedKind, Prunable> prunables,
            DiskSpace room,
            Stillness still,
            Database database,
            InstantSource clock) {
        public Parts {
            prunables = Collections.unmodifiableMap(new TreeMap<>(prunables));
        }
    }

    /// @param policy the limits of an owner, see [airlock.event.Prunable.PrunableItem#owner()]
    public Janitor(Parts parts, Housekeeping housekeeping, Function<String, Retention> policy) {
        this.parts = parts;
        this.housekeeping = housekeeping;
        this.policy = policy;
    }

    public void start() {
        loop.every(housekeeping.every(), "janitor", this::look);
    }

    /// Looks once.
    ///
    /// @return the quotas that needed items exceed
    public List<Usage.Excess> look() {
        try (var held = parts.still().tryHold()) {
            if (!held.isHeld()) {
                LOG.info("a backup is being made; nothing is removed until the next look");
                return List.of();
            }
            Instant now = countUpTo();
            var excesses = new ArrayList<Usage.Excess>();
            boolean tidies = tidies();
            parts.prunables()
                    .forEach(
                            (kind, prunable) -> excesses.addAll(look(kind, prunable, now, tidies)));
            makeRoom();
            excesses.forEach(this::warn);
            return excesses;
        }
    }

    /// Up to when ages count in this look, and notes the time of the look. After a pause of more
    /// than a day that is the time of the last look, in case the clock jumped ahead.
    private Instant countUpTo() {
        Instant now = parts.clock().instant();
        return parts.database()
                .write(
                        handle -> {
                            var last =
                                    handle.createQuery("SELECT passed_at FROM janitor")
                                            .map((rows, _) -> rows.getLong(1))
                                            .findOne()
                                            .map(Instant::ofEpochMilli)
                                            .orElse(now);
                            handle.execute(
                                    """
                                    INSERT INTO janitor (id, passed_at) VALUES (1, ?)
                                    ON CONFLICT (id) DO UPDATE SET passed_at = excluded.passed_at
                                    """,
                                    now.toEpochMilli());
                            return last.isBefore(now.minus(LEAP)) ? last : now;
                        });
    }

    private List<Usage.Excess> look(
            RetainedKind kind, Prunable prunable, Instant now, boolean tidies) {
        try {
            int strays = tidies ? prunable.tidy() : 0;
            if (strays > 0) {
                LOG.info("{}: removed {} files that a crash left", kind.word(), strays);
            }
            var choice = new Choice(kind, policy, housekeeping.total(kind));
            var removal = new PagedRemoval(prunable);
            choice.removeFrom(removal, now);
            log(kind, removal, "too old or above quota");
            return choice.excesses(removal.look());
        } catch (RuntimeException e) {
            LOG.warn("{}: could not be tidied", kind.word(), e);
            return List.of();
        }
    }

    /// Whether to look for orphaned files, which lists all of them: at the first look, then daily.
    private boolean tidies() {
        Instant now = parts.clock().instant();
        if (tidied.filter(t -> !now.isBefore(t) && now.isBefore(t.plus(TIDY_EVERY))).isPresent()) {
            return false;
        }
        tidied = Optional.of(now);
        return true;
    }

    /// Removes items of caches early while the disk is nearly full; other kinds cannot be
    /// regenerated.
    private void makeRoom() {
        for (var cache : parts.prunables().entrySet()) {
            RetainedKind kind = cache.getKey();
            if (!kind.isCache() || !isShort()) {
                continue;
            }
            var removal = new PagedRemoval(cache.getValue());
            removal.oldest(new Which("", true), _ -> isShort());
            removal.oldest(new Which("", false), _ -> isShort());
            log(kind, removal, "early, since the disk is nearly full");
        }
    }

    private static void log(RetainedKind kind, PagedRemoval removal, String why) {
        if (removal.items() > 0) {
            LOG.info(
                    "{}: removed {} with {} bytes, {}",
                    kind.word(),
                    removal.items(),
                    removal.bytes(),
                    why);
        }
    }

    private boolean isShort() {
        return parts.room().free() < housekeeping.reserve();
    }

    private void warn(Usage.Excess excess) {
        LOG.atWarn()
                .addKeyValue("kind", excess.kind().word())
                .addKeyValue("owner", excess.owner())
                .log(
                        "{} bytes used, {} allowed; waiting or running work needs them",
                        excess.bytes(),
                        excess.allowed());
    }

    @Override
    public void close() {
        loop.close();
    }
}
