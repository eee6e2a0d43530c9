package airlock.app;

import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.results.Blobs;
import airlock.results.RunLogs;
import airlock.results.Views;
import airlock.statuses.Outbox;
import airlock.store.Database;
import airlock.web.HookHandler;
import airlock.web.ReadBudget;
import airlock.web.ShownRepository;
import airlock.web.Sight;
import airlock.web.WebParts;
import airlock.web.WebServer;
import airlock.web.WebSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The web server over a state on disk, in a JVM of its own: see [SlowReadersTest].
public final class SlowReadersMain {
    private SlowReadersMain() {}

    /// Serves until its input ends; says its port first.
    ///
    /// @param arguments the state's directory
    public static void main(String[] arguments) throws Exception {
        var state = Path.of(arguments[0]);
        var clock = InstantSource.system();
        try (var database = Database.open(state.resolve("airlock.db"))) {
            var views = new Views(database);
            var shown =
                    new OneRepository(
                            new ShownRepository(
                                    StoredRuns.REPOSITORY,
                                    ForgeKind.FORGEJO,
                                    "ann/widget",
                                    URI.create("https://forge.example/ann/widget"),
                                    "main"));
            var parts =
                    new WebParts(
                            _ -> shown,
                            new StoredViews(
                                    views,
                                    new Outbox(database, clock, URI.create("https://ci.example"))),
                            new StoredLogs(new RunLogs(state.resolve("logs")), views),
                            new StoredArtifacts(new Blobs(database, state.resolve("blobs"), clock)),
                            _ -> new HookHandler.Answer(500, Map.of(), "text/plain", new byte[0]),
                            List::of,
                            ReadBudget.ofHeap());
            try (var server = WebServer.start(WebSettings.of("127.0.0.1", 0), parts, clock)) {
                System.out.println(server.port());
                while (System.in.read() >= 0) {}
            }
        }
    }

    private record OneRepository(ShownRepository shown) implements Sight {
        @Override
        public List<ShownRepository> repositories() {
            return List.of(shown);
        }

        @Override
        public Optional<ShownRepository> with(RepositoryId id) {
            return Optional.of(shown);
        }

        @Override
        public Optional<ShownRepository> at(String path) {
            return Optional.of(shown);
        }

        @Override
        public boolean opens(RepositoryId id) {
            return false;
        }
    }
}
