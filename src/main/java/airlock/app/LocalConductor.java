package airlock.app;

import airlock.config.Destinations;
import airlock.config.FetchCredentials;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.control.Console;
import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.phases.KeptVms;
import airlock.phases.PhaseParts;
import airlock.phases.PhaseRunner;
import airlock.phases.PhaseSettings;
import airlock.phases.Shell;
import airlock.plan.Plan;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.IntakePolicy;
import airlock.queue.NewRun;
import airlock.queue.OutsideHour;
import airlock.queue.Planning;
import airlock.results.Blobs;
import airlock.results.LogChunk;
import airlock.results.PhaseRecords;
import airlock.results.PlaceRecords;
import airlock.results.RunLogs;
import airlock.results.Views;
import airlock.run.Repositories;
import airlock.run.RunWorker;
import airlock.run.TipCheck;
import airlock.secrets.KeyFile;
import airlock.secrets.SecretStore;
import airlock.source.RemoteRepository;
import airlock.source.SourceLimits;
import airlock.store.Database;
import airlock.token.TokenJvm;
import airlock.uplink.WindowSize;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes one run through its phases with a queue of its own, which nobody else sees.
final class LocalConductor {
    private static final RepositoryId HERE = new RepositoryId("local", "1");
    private static final Subject.Branch BRANCH = new Subject.Branch("refs/heads/local");
    private static final CommitId UNCOMMITTED = new CommitId("f".repeat(40));
    private static final Duration LOOK = Duration.ofMillis(200);

    /// The person who waits for it sits before this machine.
    private static final Duration LONGEST_VISIT = Duration.ofDays(1);

    private static final URI NOWHERE = URI.create("http://localhost/none");

    private final Database database;
    private final Path work;
    private final LocalRun.Machine machine;
    private final Limits limits;
    private final InstantSource clock;

    LocalConductor(
            Database database,
            Path work,
            LocalRun.Machine machine,
            Limits limits,
            InstantSource clock) {
        this.database = database;
        this.work = work;
        this.machine = machine;
        this.limits = limits;
        this.clock = clock;
    }

    LocalRun.Outcome conduct(Plan plan, NewRun run, LocalRun.Listener listener)
            throws InterruptedException {
        int most = listener.keepsFailed() ? 1 : 0;
        try (var kept =
                new KeptVms(new KeptVms.Policy(most, LONGEST_VISIT), () -> Long.MAX_VALUE, clock)) {
            return conduct(plan, run, listener, kept);
        }
    }

    private LocalRun.Outcome conduct(
            Plan plan, NewRun run, LocalRun.Listener listener, KeptVms kept)
            throws InterruptedException {
        var claims = new Claims(database, clock, (_, _) -> {}, "local");
        var planning = new Planning(database, clock, (_, _) -> {}, new OutsideHour(1));
        queue();
        var request = claims.claimRequest().orElseThrow();
        planning.planned(request, TrustClass.INSIDE, UNCOMMITTED, List.of(run));
        var views = new Views(database);
        RunId id = views.runsOf(request.id()).getFirst().id();
        var logs = new RunLogs(work.resolve("logs"));
        var worker =
                new RunWorker(
                        claims,
                        new TipCheck(new NoForge(), planning),
                        _ -> Optional.of(known(plan)),
                        new PhaseRunner(parts(kept)),
                        new PhaseRecords(database, clock),
                        logs,
                        clock);
        var working = Thread.ofVirtual().name("local-run").start(() -> work(worker));
        follow(logs, id, working, listener);
        var outcome = outcome(views, id);
        if (kept.until(id).isPresent()) {
            listener.failed(outcome.reason(), (columns, rows) -> enter(kept, id, columns, rows));
        }
        return outcome;
    }

    private static Console enter(KeptVms kept, RunId run, int columns, int rows)
            throws InterruptedException {
        var opening = kept.enter(run, new WindowSize(columns, rows));
        return switch (opening.orElseThrow(() -> new AppException("the machine has ended"))) {
            case Shell.Opening.Opened(var shell) -> new TerminalConsole(shell, _ -> {});
            case Shell.Opening.Refused(var why) -> throw new AppException(why);
        };
    }

    private static LocalRun.Outcome outcome(Views views, RunId id) {
        return views.run(id)
                .filter(view -> view.state() instanceof State.Ended)
                .map(view -> (State.Ended) view.state())
                .map(ended -> new LocalRun.Outcome(ended.verdict(), ended.reason()))
                .orElse(new LocalRun.Outcome(Verdict.BROKE, "the run has no end"));
    }

    private static void work(RunWorker worker) {
        try {
            worker.runOnce();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void follow(RunLogs logs, RunId run, Thread working, LocalRun.Listener listener)
            throws InterruptedException {
        long at = 0;
        try {
            while (true) {
                boolean over = !working.isAlive();
                for (LogChunk chunk : logs.read(run, at, 1 << 20)) {
                    listener.log(
                            chunk.phase().key() + " " + chunk.step(),
                            chunk.stream(),
                            chunk.bytes());
                    at = chunk.next();
                }
                if (over && logs.size(run) <= at) {
                    return;
                }
                working.join(LOOK);
            }
        } finally {
            working.interrupt();
            working.join();
        }
    }

    private void queue() {
        new Intake(database, clock, (_, _) -> {})
                .keep(
                        new Delivery(
                                "local/run", "1", "push", clock.instant(), new byte[0], "none"),
                        new ForgeEvent.Pushed(
                                HERE,
                                BRANCH,
                                CommitId.NONE,
                                UNCOMMITTED,
                                CommitSummary.NONE,
                                false),
                        new IntakePolicy(false, false));
    }

    /// There is one image, whatever the plan calls it.
    private Repositories.Known known(Plan plan) {
        return new Repositories.Known(
                new RemoteRepository(
                        HERE, NOWHERE, new FetchCredentials.None(), SourceLimits.DEFAULT),
                _ -> false,
                List.of(),
                new PhaseSettings(
                        "local",
                        new PlanRules(
                                plan.settings().image().stream().collect(Collectors.toSet()), true),
                        limits,
                        BRANCH,
                        SecretsConfig.NOTHING,
                        NetworkConfig.NOTHING,
                        Destinations.NONE));
    }

    private PhaseParts parts(KeptVms kept) {
        return new PhaseParts(
                machine.host(),
                machine.images(),
                SecretStore.of(database, clock, new KeyFile(work.resolve(KeyFile.NAME))),
                new PhaseRecords(database, clock),
                new PlaceRecords(database),
                new Blobs(database, work.resolve("blobs"), clock),
                work.resolve("work"),
                clock,
                new HostWays(
                        Set.of(), Optional.empty(), TokenJvm.Walls.NONE, work.resolve("tokens")),
                kept);
    }
}
