package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock cache list` and `airlock cache prune`.
@picocli.CommandLine.Command(
        name = "cache",
        description = "Lists and removes the caches and dependencies that runs start from.",
        mixinStandardHelpOptions = true,
        subcommands = {CacheCommand.ListCaches.class, CacheCommand.Prune.class})
final class CacheCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(ExitCode.USAGE, "airlock cache: which command? `list` or `prune`");
    }

    @picocli.CommandLine.Command(
            name = "list",
            description =
                    "Lists them by repository, ref and class of trust, with size and age; the"
                            + " largest first.",
            mixinStandardHelpOptions = true)
    static final class ListCaches extends SocketCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "REPOSITORY",
                description = "OWNER/NAME or FORGE/OWNER/NAME; all if left out")
        private String repository = "";

        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            return list(
                    new Command.ListCaches(repository),
                    Reply.Cache.class,
                    json,
                    "caches",
                    new Form<>(ListCaches::line, ListCaches::members));
        }

        private static Map<String, @Nullable Object> members(Reply.Cache cache) {
            return JsonOption.members(
                    "repository", cache.repository(),
                    "subject", cache.subject(),
                    "trust", cache.trust(),
                    "plan", cache.plan(),
                    "name", cache.name(),
                    "archives", cache.archives(),
                    "bytes", cache.bytes(),
                    "made_at", JsonOption.time(cache.madeMillis()),
                    "reused_since", JsonOption.time(cache.keyedMillis()));
        }

        private static String keyed(long millis) {
            return millis == 0 ? "" : ", reused since " + time(millis);
        }

        private static Instant time(long millis) {
            return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
        }

        private static String line(Reply.Cache cache) {
            return SafeText.line(
                    "%,15d bytes  %-16s  %3d  %-7s  %s  %s %s (%s)"
                                    .formatted(
                                            cache.bytes(),
                                            cache.name(),
                                            cache.archives(),
                                            cache.trust(),
                                            time(cache.madeMillis()),
                                            cache.repository(),
                                            cache.subject(),
                                            cache.plan())
                            + keyed(cache.keyedMillis()));
        }
    }

    @picocli.CommandLine.Command(
            name = "prune",
            description = {
                "Removes them; runs that come later begin without.",
                "What a run that goes on has left stays, and so do artifacts."
            },
            mixinStandardHelpOptions = true)
    static final class Prune extends SocketCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "REPOSITORY",
                description = "OWNER/NAME or FORGE/OWNER/NAME; all if left out")
        private String repository = "";

        @Option(
                names = "--older",
                paramLabel = "HOURS",
                defaultValue = "0",
                description = "only what was made so long ago; all if left out")
        private int hours;

        @Override
        public Integer call() {
            return send(new Command.PruneCaches(repository, hours), _ -> {});
        }
    }
}
