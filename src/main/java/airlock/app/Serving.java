package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.Limits;
import airlock.phases.PhaseShape;
import airlock.secrets.CoreDumps;
import airlock.source.ChildJvm;
import airlock.source.ProcessFetcher;
import airlock.store.Disk;
import airlock.vm.BootFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;

/// The server with the real machine below it: what `airlock serve` runs.
public final class Serving implements AutoCloseable {
    private final StateDirectory state;
    private final Images images;
    private final Hypervisor hypervisor;
    private final ProcessFetcher fetcher;
    private final Server server;

    /// Starts everything; it works when this returns.
    ///
    /// @param progress hears of long preparations, a line each
    public Serving(AirlockConfig config, InstantSource clock, Consumer<String> progress)
            throws InterruptedException {
        CoreDumps.forbid();
        this.state = StateDirectory.lock(config.state());
        this.images = Images.ready(config, "airlock serve", clock, progress);
        this.hypervisor =
                new Hypervisor(
                        config.accelerator(),
                        config.confinement(),
                        config.ready(),
                        config.housekeeping().reserve(),
                        config.state(),
                        images.boot(config.defaultImage()),
                        clock);
        hypervisor.prepare(
                config.repositories().stream()
                        .map(r -> kind(images.boot(r.image()), r.limits()))
                        .distinct()
                        .toList());
        var walls = walls(config.state());
        this.fetcher =
                new ProcessFetcher(
                        config.state(), ChildJvm.likeThisOne(walls.box()), config.slots() + 2);
        this.server =
                new Server(
                        config,
                        state,
                        new Server.Machine(
                                hypervisor.host(),
                                images,
                                fetcher,
                                new Disk(config.state()),
                                hypervisor,
                                walls.ofTokens()),
                        clock);
    }

    private FetchWalls walls(Path state) throws InterruptedException {
        try {
            return FetchWalls.tried(hypervisor, state);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + state + " for fetching", e);
        }
    }

    private static Hypervisor.Kind kind(BootFiles boot, Limits limits) {
        return new Hypervisor.Kind(boot, PhaseShape.of(limits), limits.longest());
    }

    /// The port that the web server listens on.
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        fetcher.close();
        hypervisor.close();
        images.close();
        state.close();
    }
}
