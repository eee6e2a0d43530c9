package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.ForgeConfig;
import airlock.control.ControlServer;
import airlock.forge.AnonymousLook;
import airlock.forge.ChangeLister;
import airlock.forge.HttpAnonymousLook;
import airlock.forge.HttpChanges;
import airlock.forge.HttpStatuses;
import airlock.forge.StatusPoster;
import airlock.machine.AppException;
import airlock.machine.CountedVmHost;
import airlock.machine.HostMemory;
import airlock.machine.Hypervisor.HostResources;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.machine.OpenParts;
import airlock.machine.StateDirectory;
import airlock.metrics.Meters;
import airlock.operator.Commands;
import airlock.operator.StoredArtifacts;
import airlock.operator.Upkeep;
import airlock.phases.FreshVms;
import airlock.phases.HostWays;
import airlock.phases.KeptVms;
import airlock.phases.PhaseParts;
import airlock.phases.PhaseRunner;
import airlock.queue.Intake;
import airlock.queue.OperatorRequests;
import airlock.results.StoredLogs;
import airlock.results.StoredViews;
import airlock.run.DiskSpaceGate;
import airlock.run.RequestWorker;
import airlock.run.RunWorker;
import airlock.run.RunWorker.TipCheck;
import airlock.run.Workers;
import airlock.sandbox.Sandbox;
import airlock.shell.Shells;
import airlock.site.Core;
import airlock.site.ForgeLooks;
import airlock.site.ReadAccess;
import airlock.source.SourceFetcher;
import airlock.statuses.StatusSender;
import airlock.store.Database;
import airlock.store.DiskSpace;
import airlock.sweep.Sweeper;
import airlock.vm.VmHost;
import airlock.web.MetricsServer;
import airlock.web.ReadBudget;
import airlock.web.Readiness;
import airlock.web.WebParts;
import airlock.web.WebServer;
import airlock.web.WebServer.ListenException;
import airlock.web.WebSettings;
import airlock.webhook.HookAnswer;
import airlock.webhook.WebhookIntake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The composition root: builds all parts of the bot by constructor calls, and closes them in
/// reverse order. After a crash the same steps continue the work: the database has all that was
/// answered, and claims of the dead server are queued again.
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final OpenParts open = new OpenParts();
    private final WebServer web;
    private final @Nullable MetricsServer metrics;

    /// The parts that depend on the machine, so that tests can run without QEMU.
    ///
    /// @param health state of `host`
    /// @param tokens the walls around token processes
    public record Machine(
            VmHost host,
            PhaseParts.Images images,
            SourceFetcher fetcher,
            MachineHealth health,
            Sandbox tokens) {}

    /// Prepares the machine for runs, which may take minutes.
    @FunctionalInterface
    public interface Preparation {
        Machine machine() throws InterruptedException;
    }

    /// Builds and starts everything. Deliveries are accepted and pages shown before `preparation`
    /// begins.
    ///
    /// @param room free space on the disk of the state directory
    public Server(
            AirlockConfig config,
            StateDirectory state,
            DiskSpace room,
            Preparation preparation,
            InstantSource clock)
            throws InterruptedException {
        try {
            var database = open.add(Database.open(state.database()));
            var health = MachineHealth.unknown();
            var core = Core.of(config, state.path(), database, health, clock);
            core.keys().rotation().settle();
            recover(core);
            startStatuses(core);
            var upkeep = open.add(new Upkeep(core, state.path(), room));
            var kept = open.add(keptVms(core, room));
            // closed after the workers, to store deliveries until then
            this.web = startWeb(core, state, upkeep, kept);
            this.metrics = core.config().metrics().map(at -> startMetrics(core, at)).orElse(null);
            upkeep.start();
            var machine = preparation.machine();
            health.become(machine.health());
            var parts = parts(core, machine, kept);
            var leaving = startWorkers(core, machine, parts, upkeep.gate());
            var shells =
                    open.add(new Shells(core, kept, new FreshVms(parts, core.config().slots())));
            startControl(core, state, startSweeps(core, machine), upkeep, health, shells);
            open.add(leaving);
        } catch (ListenException e) {
            close();
            throw new AppException(String.valueOf(e.getMessage()));
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    public int port() {
        return web.port();
    }

    public Optional<Integer> metricsPort() {
        return Optional.ofNullable(metrics).map(MetricsServer::port);
    }

    private static void recover(Core core) {
        int taken = core.queue().claims().recoverAll();
        if (taken > 0) {
            LOG.info("{} pieces of work that the last server did not end are offered again", taken);
        }
    }

    private void startStatuses(Core core) {
        Map<String, StatusPoster> posters =
                atForges(core, forge -> new HttpStatuses(forge, core.clock()));
        open.add(
                        new StatusSender(
                                core.database(),
                                core.queue().outbox(),
                                core.clock(),
                                posters,
                                core.configured()::of))
                .start();
    }

    private static <T> Map<String, T> atForges(Core core, Function<ForgeConfig, T> client) {
        Map<String, T> all = new LinkedHashMap<>();
        core.config().forges().forEach((name, forge) -> all.put(name, client.apply(forge)));
        return all;
    }

    private static KeptVms keptVms(Core core, DiskSpace room) {
        var wanted = core.config().keepFailed();
        return new KeptVms(
                new KeptVms.Policy(wanted.most(), wanted.time()),
                new HostResources(HostMemory.here(), room, core.config().housekeeping().reserve()),
                core.clock());
    }

    private static PhaseParts parts(Core core, Machine machine, KeptVms kept) {
        return new PhaseParts(
                new CountedVmHost(machine.host(), core.meters()),
                machine.images(),
                new PhaseParts.Stores(
                        core.keys().secrets(), core.kept().records(), core.kept().blobs()),
                core.kept().work(),
                core.clock(),
                waysOut(core, machine),
                kept);
    }

    /// Starts the workers; closing the result lets them finish their work.
    private AutoCloseable startWorkers(
            Core core, Machine machine, PhaseParts parts, DiskSpaceGate gate) {
        var phases = new PhaseRunner(parts, gate::await);
        phases.removeLeftovers();
        var requests =
                new RequestWorker(
                        core.queue().claims(),
                        core.queue().planning(),
                        machine.fetcher(),
                        core.configured(),
                        core.configured().mergeQueues(),
                        gate);
        var runs =
                new RunWorker(
                        core.queue().claims(),
                        new TipCheck(machine.fetcher(), core.queue().planning()),
                        core.configured(),
                        phases,
                        core.kept().records(),
                        core.kept().logs(),
                        core.clock());
        var workers = open.add(new Workers(core.queue().signal(), gate));
        workers.startHeartbeat(core.queue().claims());
        for (String forge : forges(core)) {
            workers.start("requests-" + forge, 1, requests.at(forge));
            workers.start("pushes-" + forge, 1, requests.forPushesAt(forge));
        }
        workers.start("runs", core.config().slots(), runs);
        return () -> {
            runs.leave();
            workers.leave(core.config().shutdownGrace());
        };
    }

    /// All configured forges, and others that still have queued requests, which must be ended.
    private static Set<String> forges(Core core) {
        return Stream.concat(
                        core.config().forges().keySet().stream(),
                        core.queue().claims().forges().stream())
                .collect(Collectors.toSet());
    }

    private static HostWays waysOut(Core core, Machine machine) {
        return new HostWays(
                ports(core.config()),
                core.config().upstreamProxy(),
                machine.tokens(),
                core.config().state().resolve("tokens"));
    }

    public static Set<Integer> ports(AirlockConfig config) {
        return Stream.concat(Stream.of(config.listen()), config.metrics().stream())
                .map(at -> at.port())
                .collect(Collectors.toSet());
    }

    private Sweeper startSweeps(Core core, Machine machine) {
        Map<String, ChangeLister> listers =
                atForges(core, forge -> new HttpChanges(forge, core.clock()));
        var sweeper =
                open.add(
                        new Sweeper(
                                new Sweeper.Parts(
                                        core.database(),
                                        core.queue().changes(),
                                        machine.fetcher(),
                                        listers,
                                        core.configured()::sweepTargets,
                                        core.queue().signal(),
                                        report ->
                                                core.meters()
                                                        .swept(
                                                                report.took(),
                                                                report.requests(),
                                                                report.problem().isEmpty()),
                                        core.clock()),
                                core.config().sweepEvery(),
                                new Random()));
        sweeper.start();
        return sweeper;
    }

    private void startControl(
            Core core,
            StateDirectory state,
            Sweeper sweeper,
            Upkeep upkeep,
            MachineHealth health,
            Shells shells) {
        var commands =
                new Commands(
                        core,
                        new OperatorRequests(core.database(), core.clock(), core.queue().changes()),
                        sweeper,
                        upkeep,
                        health,
                        shells);
        open.add(ControlServer.open(StateDirectory.controlSocket(state.path()), commands));
    }

    private ForgeLooks startLooks(Core core) {
        Map<String, AnonymousLook> forges =
                atForges(core, forge -> new HttpAnonymousLook(forge, core.clock()));
        var looks = open.add(new ForgeLooks(core.configured(), forges, core.clock()));
        looks.start();
        return looks;
    }

    private WebServer startWeb(Core core, StateDirectory state, Upkeep upkeep, KeptVms keptVms) {
        var hooks =
                new WebhookIntake(
                        core.config(),
                        core.keys().hooks(),
                        new Intake(
                                core.database(),
                                core.clock(),
                                core.queue().changes(),
                                core.queue().pins()),
                        core.queue().signal(),
                        answer -> core.meters().delivered(counted(answer)),
                        core.clock());
        var listen = core.config().listen();
        return open.add(
                WebServer.start(
                        WebSettings.of(listen.host(), listen.port()),
                        new WebParts(
                                new ReadAccess(
                                        core.configured(), startLooks(core), core.keys().tokens()),
                                new StoredViews(
                                        core.database(),
                                        upkeep.gate()::shutBecause,
                                        keptVms::until),
                                core.queue().outbox(),
                                new StoredLogs(core.kept().logs(), core.kept().views()),
                                new StoredArtifacts(core.kept().blobs()),
                                hooks::receive,
                                new Ready(core.database(), state.path()),
                                ReadBudget.ofHeap()),
                        core.clock()));
    }

    private static Meters.Delivered counted(HookAnswer answer) {
        return switch (answer) {
            case HookAnswer.Accepted _ -> Meters.Delivered.REQUESTED;
            case HookAnswer.Known _ -> Meters.Delivered.KNOWN;
            case HookAnswer.NothingToDo _ -> Meters.Delivered.NOTHING_TO_DO;
            case HookAnswer.Refused _ -> Meters.Delivered.REFUSED;
            case HookAnswer.Unavailable _ -> Meters.Delivered.UNAVAILABLE;
        };
    }

    private MetricsServer startMetrics(Core core, AirlockConfig.Listen at) {
        return open.add(
                MetricsServer.start(
                        at.host(), at.port(), Meters.CONTENT_TYPE, core.meters()::scrape));
    }

    @Override
    public void close() {
        open.close();
    }

    /// Checks whether the state can be written.
    record Ready(Database database, Path state) implements Readiness {
        private static final Logger LOG = LoggerFactory.getLogger(Ready.class);
        private static final long LEAST_FREE = 1L << 30;

        @Override
        public List<Check> checks() {
            return List.of(
                    new Check("store", storeIsWritable(), "the database can be written"),
                    new Check("disk", diskHasRoom(), "more than 1 GiB is free for the state"));
        }

        private boolean storeIsWritable() {
            try {
                database.probe();
                return true;
            } catch (RuntimeException e) {
                LOG.warn("the database can't be written", e);
                return false;
            }
        }

        private boolean diskHasRoom() {
            try {
                return Files.getFileStore(state).getUsableSpace() > LEAST_FREE;
            } catch (IOException e) {
                LOG.warn("cannot read the free space for {}", state, e);
                return false;
            }
        }
    }
}
