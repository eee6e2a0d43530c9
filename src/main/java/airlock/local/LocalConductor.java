package airlock.local;

import airlock.config.FetchCredentials;
import airlock.config.UpstreamProxy;
import airlock.control.Console;
import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.machine.AppException;
import airlock.phases.HostWays;
import airlock.phases.KeptVms;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.phases.PhaseParts;
import airlock.phases.PhaseRunner;
import airlock.phases.Shell;
import airlock.plan.DriveRules;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.Blobs.BlobMark;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.RunLogs;
import airlock.results.RunLogs.LogFrame;
import airlock.results.StoredViews;
import airlock.run.Repositories;
import airlock.run.RunWorker;
import airlock.run.RunWorker.TipCheck;
import airlock.sandbox.Sandbox;
import airlock.secrets.KeyFile;
import airlock.secrets.SecretStore;
import airlock.shell.TerminalConsole;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.SourceLimits;
import airlock.source.Wanted;
import airlock.store.Database;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.Drive;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes one run through its phases, with a queue for that run alone.
final class LocalConductor {
    private static final RepositoryId HERE = new RepositoryId("local", "1");
    static final Subject.Branch BRANCH = new Subject.Branch("refs/heads/local");
    private static final CommitId UNCOMMITTED = new CommitId("f".repeat(40));
    private static final CommitId EARLIER = new CommitId("e".repeat(40));
    private static final int PIECE = 64 << 10;
    private static final Duration LOOK = Duration.ofMillis(200);

    /// The person who started the run is at this machine.
    private static final Duration LONGEST_VISIT = Duration.ofDays(1);

    private static final URI NOWHERE = URI.create("http://localhost/none");

    private final Database database;
    private final Path work;
    private final LocalRun.Machine machine;
    private final Terms terms;
    private final Claims claims;
    private final Planning planning;
    private final Blobs blobs;
    private final InstantSource clock;

    private LocalConductor(
            Database database,
            Path work,
            LocalRun.Machine machine,
            Terms terms,
            InstantSource clock) {
        this.database = database;
        this.work = work;
        this.machine = machine;
        this.terms = terms;
        this.claims = new Claims(database, clock, (_, _) -> {}, "local");
        this.planning = new Planning(database, clock, (_, _) -> {}, new OutsideRateLimit(1));
        this.blobs = new Blobs(database, work.resolve("blobs"), clock);
        this.clock = clock;
    }

    /// Settings of a run without a forge.
    ///
    /// @param trust only listed refs have a post_plan
    /// @param upstream the proxy that connections go through
    /// @param ports of Airlock itself, which VMs must not reach
    /// @param earlier outputs of the last run by name; the files are moved
    record Terms(
            TrustClass trust,
            PhaseSettings settings,
            Optional<UpstreamProxy> upstream,
            Set<Integer> ports,
            Map<String, Blob> earlier) {
        Terms {
            ports = Set.copyOf(ports);
            earlier = Map.copyOf(earlier);
        }
    }

    record Conducted(LocalRun.Outcome outcome, Map<String, Blob> outputs) {}

    /// @param work an empty directory, but for source and earlier outputs
    static Conducted conduct(
            Path work,
            LocalRun.Machine machine,
            Terms terms,
            InstantSource clock,
            NewRun run,
            LocalRun.Listener listener)
            throws InterruptedException {
        var policy = new KeptVms.Policy(listener.keepsFailed() ? 1 : 0, LONGEST_VISIT);
        try (var database = Database.open(work.resolve("local.db"));
                var kept = new KeptVms(policy, () -> Long.MAX_VALUE, clock)) {
            return new LocalConductor(database, work, machine, terms, clock)
                    .conduct(run, listener, kept);
        }
    }

    private Conducted conduct(NewRun run, LocalRun.Listener listener, KeptVms kept)
            throws InterruptedException {
        if (!terms.earlier().isEmpty()) {
            queue(CommitId.NONE, EARLIER);
            recordEarlier(run);
        }
        queue(terms.earlier().isEmpty() ? CommitId.NONE : EARLIER, UNCOMMITTED);
        var request = claims.claimRequest().orElseThrow();
        planning.planned(request, terms.trust(), UNCOMMITTED, List.of(run));
        var views = new StoredViews(database);
        RunId id = views.runsOf(request.id()).getFirst().id();
        var logs = new RunLogs(work.resolve("logs"));
        var worker =
                new RunWorker(
                        claims,
                        new TipCheck(new NoForge(), planning),
                        _ -> Optional.of(known()),
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
        return new Conducted(outcome, outputs(id));
    }

    /// Adds a passed run like `run` to the queue, with the outputs of an earlier run.
    private void recordEarlier(NewRun run) {
        var request = claims.claimRequest().orElseThrow();
        planning.planned(request, terms.trust(), EARLIER, List.of(run));
        var claimed = claims.claimRun().orElseThrow();
        var key = new PhaseKey(claimed.id(), claimed.generation(), Phase.PLAN);
        for (var output : terms.earlier().entrySet()) {
            var _ = blobs.keep(key, output.getKey(), output.getValue(), BlobMark.NONE);
        }
        claims.end(claimed, Verdict.PASSED, "");
    }

    /// The outputs; of those with the same name, the last phase's.
    private Map<String, Blob> outputs(RunId run) {
        var outputs = new HashMap<String, Blob>();
        for (Phase phase : Phase.values()) {
            for (Drive drive : DriveRules.writable(phase)) {
                String name = DriveRules.word(drive);
                blobs.of(run, phase, name).ifPresent(blob -> outputs.put(name, blob));
            }
        }
        return outputs;
    }

    private static Console enter(KeptVms kept, RunId run, int columns, int rows)
            throws InterruptedException {
        var opening = kept.enter(run, new WindowSize(columns, rows));
        return switch (opening.orElseThrow(() -> new AppException("the machine has ended"))) {
            case Shell.Opening.Opened(var shell) -> new TerminalConsole(shell, _ -> {}, _ -> {});
            case Shell.Opening.Refused(var why) -> throw new AppException(why);
        };
    }

    private static LocalRun.Outcome outcome(StoredViews views, RunId id) {
        return views.head(id).orElseThrow().state() instanceof State.Ended ended
                ? new LocalRun.Outcome(ended.verdict(), ended.reason())
                : new LocalRun.Outcome(Verdict.BROKE, "the run has no end");
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
            var wait = Duration.ZERO;
            while (true) {
                boolean over = working.join(wait);
                var chunks = logs.read(run, at, PIECE);
                for (LogFrame chunk : chunks) {
                    String step = chunk.phase().key() + " " + chunk.step();
                    listener.log(step, chunk.stream(), chunk.bytes());
                    at = chunk.next();
                }
                if (over && chunks.isEmpty()) {
                    return;
                }
                wait = chunks.isEmpty() ? LOOK : Duration.ZERO;
            }
        } finally {
            working.interrupt();
            working.join();
        }
    }

    private void queue(CommitId before, CommitId after) {
        String id = after.abbreviated();
        new Intake(database, clock, (_, _) -> {})
                .keep(
                        new Delivery("local/run", id, "push", clock.instant(), new byte[0], "none"),
                        new ForgeEvent.Pushed(
                                HERE, BRANCH, before, after, CommitSummary.NONE, false),
                        new IntakePolicy(false, false));
    }

    private Repositories.Known known() {
        var here =
                new RemoteRepository(
                        HERE, NOWHERE, new FetchCredentials.None(), SourceLimits.DEFAULT);
        return new Repositories.Known(here, _ -> false, List.of(), terms.settings());
    }

    /// Stands in for a forge, where every ref is at the run's commit.
    private record NoForge() implements SourceFetcher {
        @Override
        public Fetched fetch(Wanted wanted) {
            throw asked();
        }

        @Override
        public Listing tips(RemoteRepository repository, List<String> prefixes) {
            return new Listing.Tips(
                    prefixes.stream()
                            .map(ref -> new Listing.Tip(ref, UNCOMMITTED, UNCOMMITTED))
                            .toList());
        }

        @Override
        public Reachable reachable(
                RemoteRepository repository, CommitId commit, List<String> branches) {
            throw asked();
        }

        @Override
        public Changed changed(
                RemoteRepository repository, String ref, CommitId from, CommitId to) {
            throw asked();
        }

        private static IllegalStateException asked() {
            return new IllegalStateException("a run of a directory asks no forge");
        }
    }

    private PhaseParts parts(KeptVms kept) {
        return new PhaseParts(
                machine.host(),
                machine.images(),
                new PhaseParts.Stores(
                        SecretStore.of(database, clock, new KeyFile(work.resolve(KeyFile.NAME))),
                        new PhaseRecords(database, clock),
                        blobs),
                work.resolve("work"),
                clock,
                new HostWays(terms.ports(), terms.upstream(), Sandbox.NONE, work.resolve("tokens")),
                kept);
    }
}
