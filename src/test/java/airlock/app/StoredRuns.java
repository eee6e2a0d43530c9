package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.phases.HostWays;
import airlock.phases.KeptVms;
import airlock.phases.PhaseParts;
import airlock.phases.TestOrders;
import airlock.queue.ClaimedRun;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.results.Blobs;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.RunLogs;
import airlock.results.StoredViews;
import airlock.run.Repositories;
import airlock.sandbox.Sandbox;
import airlock.secrets.KeyFile;
import airlock.secrets.SecretStore;
import airlock.source.RemoteRepository;
import airlock.source.SourceLimits;
import airlock.statuses.Outbox;
import airlock.store.Database;
import airlock.vm.FakeVmHost;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Requests and runs on a real disk, put there as the server does, with a clock that is moved by
/// hand.
public final class StoredRuns implements AutoCloseable {
    public static final RepositoryId REPOSITORY = new RepositoryId("forge", "1");

    private final Path directory;
    public final Database database;
    public final RunLogs logs;
    public final StoredViews views;
    public final PhaseRecords records;
    public final Outbox outbox;
    private final Intake intake;
    private final Planning planning;
    private Claims claims;
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private int count;

    public StoredRuns(Path folder) {
        this.directory = folder;
        this.database = Database.open(folder.resolve("airlock.db"));
        this.logs = new RunLogs(folder.resolve("logs"));
        this.views = new StoredViews(database);
        this.records = new PhaseRecords(database, () -> now);
        this.outbox = new Outbox(database, () -> now, URI.create("https://ci.example"));
        this.intake = new Intake(database, () -> now, outbox);
        this.planning = new Planning(database, () -> now, outbox, new OutsideRateLimit(10));
        this.claims = claims();
    }

    public Instant now() {
        return now;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    public Claims claims() {
        return new Claims(database, () -> now, outbox, "server " + count++);
    }

    public RequestId push(String branch) {
        count++;
        if (deliver(branch, count, "id-" + count) instanceof DeliveryOutcome.Requested kept) {
            return kept.request();
        }
        throw new AssertionError("expected a request of push " + count);
    }

    /// A change request, from a fork unless it names a branch of the repository itself.
    public RequestId offer(long number, String headBranch, CommitId head) {
        count++;
        var event =
                new ForgeEvent.ChangeOffered(
                        REPOSITORY,
                        new Subject.Change(number, "main"),
                        CommitId.NONE,
                        head,
                        headBranch,
                        new CommitSummary("change " + number, "mallory"),
                        false,
                        false);
        if (keep(event, count, "id-" + count) instanceof DeliveryOutcome.Requested kept) {
            return kept.request();
        }
        throw new AssertionError("expected a request of change " + number);
    }

    public static Repositories.Known known() {
        return new Repositories.Known(
                new RemoteRepository(
                        REPOSITORY,
                        URI.create("http://127.0.0.1/x.git"),
                        new FetchCredentials.None(),
                        SourceLimits.DEFAULT),
                _ -> true,
                List.of(),
                TestOrders.SETTINGS);
    }

    RequestId again(String branch, int number) {
        return known(deliver(branch, number, "id-" + number));
    }

    /// The same bytes under another delivery id.
    RequestId againWithANewId(String branch, int number) {
        return known(deliver(branch, number, "again-" + number));
    }

    private static RequestId known(DeliveryOutcome kept) {
        if (kept instanceof DeliveryOutcome.Known known) {
            return known.request();
        }
        throw new AssertionError("expected to be known, but is " + kept);
    }

    private DeliveryOutcome deliver(String branch, int number, String id) {
        var event =
                new ForgeEvent.Pushed(
                        REPOSITORY,
                        new Subject.Branch("refs/heads/" + branch),
                        CommitId.NONE,
                        new CommitId("%040x".formatted(number)),
                        new CommitSummary("push " + number, "ann"),
                        false);
        return keep(event, number, id);
    }

    private DeliveryOutcome keep(ForgeEvent event, int number, String id) {
        var delivery =
                new Delivery(
                        "forge/ann/widget",
                        id,
                        "push",
                        now,
                        ("body " + number).getBytes(StandardCharsets.UTF_8),
                        "hash " + number);
        return intake.keep(delivery, event, new IntakePolicy(false, false));
    }

    /// The oldest waiting request becomes a run of each plan.
    public void plan(String... plans) {
        plan(Path.of("0".repeat(64)), plans);
    }

    public void plan(Path source, String... plans) {
        var claimed = claims.claimRequest().orElseThrow();
        planning.planned(
                claimed,
                TrustClass.LISTED,
                claimed.commit(),
                Arrays.stream(plans)
                        .map(
                                plan ->
                                        NewRun.own(
                                                plan,
                                                "",
                                                ".airlock.yaml",
                                                new byte[0],
                                                source.toString()))
                        .toList());
    }

    public ClaimedRun claim() {
        return claims.claimRun().orElseThrow();
    }

    public ClaimedRun running() {
        push("branch-" + count);
        plan("main");
        return claim();
    }

    ClaimedRun passed(String log) {
        var run = running();
        write(run.id(), Phase.PLAN, 0, 1, log);
        end(run);
        return run;
    }

    public void end(ClaimedRun run) {
        assertThat(claims.end(run, Verdict.PASSED, "")).isTrue();
    }

    /// The server dies; the next one goes on with what it had claimed.
    public void crash() {
        claims = claims();
        claims.recover(Duration.ZERO);
    }

    public Claims current() {
        return claims;
    }

    public static PhaseKey key(ClaimedRun run, Phase phase) {
        return new PhaseKey(run.id(), run.generation(), phase);
    }

    public void write(RunId run, Phase phase, int step, int stream, String text) {
        try (var log = logs.append(run)) {
            log.add(phase, step, stream, now.toEpochMilli(), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        database.close();
    }

    /// Parts of phases with VMs that are doubles, and without images.
    ///
    /// @param noImage the fault of a phase that needs one
    public PhaseParts parts(String noImage) {
        return new PhaseParts(
                new FakeVmHost(),
                _ -> {
                    throw new IllegalStateException(noImage);
                },
                new PhaseParts.Stores(
                        SecretStore.of(
                                database, this::now, new KeyFile(directory.resolve(KeyFile.NAME))),
                        records,
                        new Blobs(database, directory.resolve("blobs"), this::now)),
                directory.resolve("work"),
                this::now,
                new HostWays(Set.of(), Optional.empty(), Sandbox.NONE, directory.resolve("tokens")),
                KeptVms.none());
    }
}
