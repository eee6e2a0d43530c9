package airlock.operator;

import airlock.config.RepositoryConfig;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.results.Caches;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.site.Meant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists and removes what later runs start from.
final class CacheCommands {
    private static final Logger LOG = LoggerFactory.getLogger(CacheCommands.class);

    private final Configured configured;
    private final Caches caches;
    private final InstantSource clock;

    CacheCommands(Core core) {
        this.configured = core.configured();
        this.caches = new Caches(core.database(), core.kept().blobs(), core.clock());
        this.clock = core.clock();
    }

    Reply list(Command.ListCaches command, Consumer<Reply> replies) {
        return of(
                command.repository(),
                id -> {
                    caches.list(id).stream().map(this::line).forEach(replies);
                    return new Reply.Done("");
                });
    }

    Reply prune(Command.PruneCaches command, String who) {
        if (command.olderHours() < 0) {
            return new Reply.Problem("an age is not negative: " + command.olderHours());
        }
        return of(
                command.repository(),
                id -> {
                    var before = clock.instant().minus(Duration.ofHours(command.olderHours()));
                    // what was made in this very moment is meant too
                    var removed = caches.prune(id, before.plusMillis(1));
                    LOG.info("{} removed {} of {}", who, removed, id.isEmpty() ? "all" : id);
                    return new Reply.Done(
                            "removed %,d archives; the disk has %,d bytes back"
                                    .formatted(removed.archives(), removed.bytes()));
                });
    }

    private Reply of(String repository, Function<String, Reply> then) {
        if (repository.isEmpty()) {
            return then.apply("");
        }
        return switch (Meant.by(repository, configured)) {
            case Meant.One(var config) ->
                    configured
                            .idOf(config)
                            .map(id -> then.apply(id.toString()))
                            .orElseGet(() -> new Reply.Problem(Meant.withoutId(repository)));
            case Meant.Nothing(var why) -> new Reply.Problem(why);
        };
    }

    private Reply.Cache line(Caches.Entry entry) {
        return new Reply.Cache(
                name(entry.repository()),
                entry.subject().shortName(),
                entry.trust().key(),
                entry.plan(),
                entry.name(),
                entry.archives(),
                entry.bytes(),
                entry.made().toEpochMilli(),
                entry.keyed().map(Instant::toEpochMilli).orElse(0L));
    }

    private String name(RepositoryId id) {
        return configured.configOf(id).map(RepositoryConfig::name).orElse(id.toString());
    }
}
