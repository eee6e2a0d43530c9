package airlock.sweep;

import airlock.config.FetchCredentials;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.forge.ChangeLister;
import airlock.forge.ForgeRepository;
import airlock.forge.HttpChanges;
import airlock.house.HostedChange;
import airlock.house.HostedRepository;
import airlock.house.LoopbackForge;
import airlock.house.MovedClock;
import airlock.house.Programs;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Sweeps;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.SourceLimits;
import airlock.store.Database;
import airlock.store.Signal;
import airlock.sweep.Sweeper.SweepTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/// A queue in a real database, a loopback forge with a real repository, a sweeper between them, and
/// a manual clock. The forge `home` has `alice/widget` with the id 7.
final class SweepFixture implements AutoCloseable {
    static final RepositoryId WIDGET = new RepositoryId("home", "7");
    static final Duration EVERY = Duration.ofMinutes(5);
    private static final String NO_FILES = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    final MovedClock clock = new MovedClock();
    final LoopbackForge forge = LoopbackForge.start(0);
    final List<StateChange> announced = new CopyOnWriteArrayList<>();
    final List<SweepTarget> targets = new ArrayList<>();
    final Database database;
    final Sweeps sweeps;
    final Intake intake;
    final SourceFetcher fetcher;
    final HostedRepository hosted;
    Sweeper sweeper;

    private final ForgeKind kind;
    private IntakePolicy policy = new IntakePolicy(false, false);
    private int deliveries;

    SweepFixture(Path directory) {
        this(directory, ForgeKind.GITEA);
    }

    SweepFixture(Path directory, ForgeKind kind) {
        this.kind = kind;
        makeDirectory(directory);
        database = Database.open(directory.resolve("airlock.db"));
        sweeps = new Sweeps(database, clock);
        intake = new Intake(database, clock, (_, change) -> announced.add(change));
        fetcher = new LsRemote(() -> {});
        hosted = forge.host(7, "alice/widget", directory.resolve("widget.git"), false);
        git("hash-object", "-t", "tree", "-w", "/dev/null");
        targets.add(target(WIDGET, "alice/widget"));
        sweeper = anotherSweeper();
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ForgeConfig forgeConfig(String name) {
        String api = kind == ForgeKind.GITHUB ? "/api/v3" : "/api/v1";
        return new ForgeConfig(
                name,
                kind,
                forge.url(),
                Optional.of(URI.create(forge.url() + api)),
                new Secret(LoopbackForge.TOKEN));
    }

    SweepTarget target(RepositoryId id, String name) {
        return new SweepTarget(
                new ForgeRepository(id, name),
                new RemoteRepository(
                        id,
                        URI.create(forge.url() + "/" + name + ".git"),
                        new FetchCredentials.None(),
                        SourceLimits.DEFAULT),
                policy);
    }

    Map<String, ChangeLister> listers() {
        return Map.of("home", new HttpChanges(forgeConfig("home"), clock));
    }

    /// A new sweeper, which knows only the database.
    Sweeper anotherSweeper() {
        return sweeper(fetcher, listers());
    }

    Sweeper sweeper(SourceFetcher with, Map<String, ChangeLister> listers) {
        return new Sweeper(
                new Sweeper.Parts(
                        database,
                        (_, change) -> announced.add(change),
                        with,
                        listers,
                        () -> List.copyOf(targets),
                        new Signal(),
                        _ -> {},
                        clock),
                EVERY,
                new Random(7));
    }

    Claims server() {
        return new Claims(database, clock, (_, change) -> announced.add(change), "server");
    }

    void testDrafts() {
        policy = new IntakePolicy(true, false);
        targets.set(0, target(WIDGET, "alice/widget"));
    }

    /// Moves the clock to the next regular sweep; returns how many requests it caused.
    int sweep() throws InterruptedException {
        clock.move(EVERY.multipliedBy(2));
        return sweeper.runOnce();
    }

    String git(String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", hosted.bare().toString()));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new)).strip();
    }

    CommitId commit(String message) {
        return new CommitId(git("commit-tree", NO_FILES, "-m", message));
    }

    /// Moves a branch to a new commit, as a push whose webhook got lost.
    CommitId push(String branch) {
        return push(branch, commit("to " + branch + " no. " + ++deliveries));
    }

    CommitId push(String branch, CommitId commit) {
        git("update-ref", "refs/heads/" + branch, commit.hex());
        return commit;
    }

    void delete(String ref) {
        git("update-ref", "-d", ref);
    }

    /// Moves or makes an annotated tag; the tag object's id.
    CommitId tag(String name) {
        git("tag", "-f", "-a", "-m", "tag " + ++deliveries, name, commit("tagged").hex());
        return new CommitId(git("rev-parse", "refs/tags/" + name));
    }

    /// Opens a change request from a branch of the repository itself.
    HostedChange offer(long number) {
        var head = commit("change " + number);
        return show(HostedChange.inside(number, "main", head.hex(), "topic/" + number));
    }

    HostedChange show(HostedChange change) {
        forge.change(7, change);
        return change;
    }

    ForgeEvent pushed(String branch, CommitId before, CommitId after) {
        return new ForgeEvent.Pushed(
                WIDGET,
                new Subject.Branch("refs/heads/" + branch),
                before,
                after,
                CommitSummary.NONE,
                false);
    }

    /// As Gitea's webhook, which never names the former head.
    ForgeEvent offered(HostedChange change) {
        return new ForgeEvent.ChangeOffered(
                WIDGET,
                new Subject.Change(change.number(), change.target()),
                CommitId.NONE,
                new CommitId(change.head()),
                "",
                CommitSummary.NONE,
                change.draft(),
                false);
    }

    DeliveryOutcome told(ForgeEvent event) {
        return told(event, "body " + ++deliveries);
    }

    DeliveryOutcome told(ForgeEvent event, String body) {
        return intake.keep(
                new Delivery(
                        "home/alice/widget",
                        "id " + ++deliveries,
                        "push",
                        clock.instant(),
                        body.getBytes(StandardCharsets.UTF_8),
                        "hash of " + body),
                event,
                policy);
    }

    /// All requests in order: subject, commit, cause.
    List<String> requests() {
        return rows("SELECT subject || ' ' || commit_id || ' ' || cause FROM request ORDER BY seq");
    }

    List<String> waiting() {
        return rows(
                "SELECT subject || ' ' || commit_id FROM request WHERE state = 'queued' ORDER BY"
                        + " seq");
    }

    List<String> rows(String query) {
        return database.read(handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    @Override
    public void close() {
        sweeper.close();
        forge.close();
        database.close();
    }
}
