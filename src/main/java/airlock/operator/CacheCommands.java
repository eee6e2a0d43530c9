package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.results.Caches;
import airlock.site.Core;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists and removes the caches and dependencies that later runs start with.
record CacheCommands(Core core) {
    private static final Logger LOG = LoggerFactory.getLogger(CacheCommands.class);

    Reply list(Command.ListCaches command, Consumer<Reply> replies) {
        caches().list(id(command.repository())).stream().map(this::line).forEach(replies);
        return new Reply.Done("");
    }

    Reply prune(Command.PruneCaches command, String who) {
        if (command.olderHours() < 0) {
            return new Reply.Problem("hours must be at least 0, not " + command.olderHours());
        }
        String id = id(command.repository());
        var before = core.clock().instant().minus(Duration.ofHours(command.olderHours()));
        // plus 1 to include what was made in this millisecond
        var removed = caches().prune(id, before.plusMillis(1));
        LOG.info("{} removed {} of {}", who, removed, id.isEmpty() ? "all" : id);
        return new Reply.Done(
                "removed %,d archives; the disk has %,d bytes back"
                        .formatted(removed.archives(), removed.bytes()));
    }

    private Caches caches() {
        return new Caches(core.database(), core.kept().blobs(), core.clock());
    }

    private String id(String repository) {
        return repository.isEmpty() ? "" : core.configured().idNamed(repository).toString();
    }

    private Reply.Cache line(Caches.Entry entry) {
        return new Reply.Cache(
                core.configured().nameOf(entry.repository()),
                entry.subject().shortName(),
                entry.trust().key(),
                entry.plan(),
                entry.name(),
                entry.archives(),
                entry.bytes(),
                entry.made(),
                entry.keyed());
    }
}
