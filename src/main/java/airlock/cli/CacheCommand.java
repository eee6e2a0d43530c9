package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "cache",
        description = "Lists and removes the caches and dependencies that runs start from.",
        subcommands = {CacheCommand.ListCaches.class, CacheCommand.Prune.class})
final class CacheCommand extends Group {
    @picocli.CommandLine.Command(
            name = "list",
            description =
                    "Lists them by repository, ref and class of trust, with size and age; the"
                            + " largest first.")
    static final class ListCaches extends SocketCommand.OfRepositories {
        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            return list(
                    new Command.ListCaches(repository()),
                    Reply.Cache.class,
                    json,
                    "caches",
                    ListCaches::line);
        }

        private static String line(Reply.Cache cache) {
            return "%,15d bytes  %-16s  %3d  %-7s  %s  %s %s (%s)%s"
                    .formatted(
                            cache.bytes(),
                            cache.name(),
                            cache.archives(),
                            cache.trust(),
                            seconds(cache.madeAt()),
                            cache.repository(),
                            cache.subject(),
                            cache.plan(),
                            cache.reusedSince()
                                    .map(since -> ", reused since " + seconds(since))
                                    .orElse(""));
        }
    }

    @picocli.CommandLine.Command(
            name = "prune",
            description = {
                "Removes them; runs that come later begin without.",
                "What a run that goes on has left stays, and so do artifacts."
            })
    static final class Prune extends SocketCommand.OfRepositories {
        @Option(
                names = "--older",
                paramLabel = "HOURS",
                defaultValue = "0",
                description = "only those that are at least this old; all if left out")
        private int hours;

        @Override
        public Integer call() {
            return send(new Command.PruneCaches(repository(), hours));
        }
    }
}
