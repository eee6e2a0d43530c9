package airlock.app;

import airlock.base.Umask;
import airlock.config.AirlockConfig;
import airlock.config.Limits;
import airlock.doctor.ForgeChecks;
import airlock.machine.FetchSandbox;
import airlock.machine.Hypervisor;
import airlock.machine.Images;
import airlock.machine.OpenParts;
import airlock.machine.StateDirectory;
import airlock.phases.PhaseShape;
import airlock.secrets.CoreDumps;
import airlock.source.ProcessFetcher;
import airlock.store.DiskSpace.Disk;
import airlock.vm.BootFiles;
import airlock.vm.ReadyClones;
import airlock.vm.VmModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `airlock serve`: the server on the real machine.
public final class Serving implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private final OpenParts open = new OpenParts();
    private final Server server;

    /// Starts everything. Deliveries are accepted as soon as the database is open.
    ///
    /// @param progress receives a line before each slow step
    public Serving(AirlockConfig config, InstantSource clock, Consumer<String> progress)
            throws InterruptedException {
        var state = open.add(StateDirectory.lock(config.state()));
        CoreDumps.forbid();
        Umask.ownerOnly();
        lookAtTokens(config, new ForgeChecks(clock));
        try {
            this.server =
                    open.add(
                            new Server(
                                    config,
                                    state,
                                    new Disk(config.state()),
                                    () -> machine(config, clock, progress),
                                    clock));
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /// Logs, in the background, which forges refuse their token.
    private static void lookAtTokens(AirlockConfig config, ForgeChecks checks) {
        for (var forge : config.forges().values()) {
            Thread.ofVirtual()
                    .name("token-of-" + forge.name())
                    .start(() -> checks.refusedToken(config, forge).ifPresent(LOG::warn));
        }
    }

    private Server.Machine machine(
            AirlockConfig config, InstantSource clock, Consumer<String> progress)
            throws InterruptedException {
        var images = open.add(Images.ready(config, "airlock serve", clock, progress));
        var hypervisor =
                open.add(
                        new Hypervisor(
                                config.accelerator(),
                                config.confinement(),
                                config.ready(),
                                config.housekeeping().reserve(),
                                config.state(),
                                images.boot(config.defaultImage()),
                                clock));
        var sandbox = walls(hypervisor, config.state()).sandbox();
        int atOnce = config.slots() + 2;
        var fetcher =
                open.add(
                        new ProcessFetcher(config.state(), sandbox, atOnce, ProcessFetcher.SPARES));
        hypervisor.prepare(
                config.repositories().stream()
                        .map(r -> kind(images.boot(r.image()), r.limits()))
                        .distinct()
                        .toList());
        return new Server.Machine(hypervisor.host(), images, fetcher, hypervisor.health(), sandbox);
    }

    private static FetchSandbox walls(Hypervisor hypervisor, Path state)
            throws InterruptedException {
        try {
            return FetchSandbox.tried(hypervisor::enclosure, state);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + state + " for fetching", e);
        }
    }

    private static ReadyClones.Kind kind(BootFiles boot, Limits limits) {
        return new ReadyClones.Kind(new VmModel(boot, PhaseShape.of(limits)), limits.longest());
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        open.close();
    }
}
