package airlock.bench;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Pins;
import airlock.queue.Sweeps;
import airlock.results.RunQuery;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import airlock.statuses.Outbox;
import airlock.statuses.StatusSender;
import airlock.store.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Measures `history.*` of docs/performance.md: what pages, badge, claims, deliveries, a look of
/// the janitor and a start cost after a million runs, in turn with the same after ten thousand,
/// in 5,000 repositories each.
final class HistoryBench implements AutoCloseable {
    private static final int MANY = 1_000_000;
    private static final int FEW = 10_000;
    private static final int REPOSITORIES = 5_000;
    private static final int ROUNDS = 7;
    private static final int TIMES = 50;
    private static final int LOOKS = 3;
    private static final int PAGE = 31;
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");

    /// That with a tenth of all runs.
    private static final RepositoryId BUSY = new RepositoryId("demo", "1");

    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.ofEpochMilli(LargeState.START + MANY * LargeState.GAP));

    private final int runs;
    private final Database database;
    private final StoredViews views;
    private final Intake intake;
    private final Claims claims;
    private final Tidying tidying;
    private final Set<RepositoryId> all;
    private int count;

    private HistoryBench(Path state, int runs) {
        this.runs = runs;
        this.database = Database.open(file(state));
        this.tidying = new Tidying(database, state);
        this.views = new StoredViews(database);
        this.intake = new Intake(database, CLOCK, (_, _) -> {});
        this.claims = new Claims(database, CLOCK, (_, _) -> {}, "bench");
        this.all =
                IntStream.rangeClosed(1, REPOSITORIES)
                        .mapToObj(i -> new RepositoryId("demo", String.valueOf(i)))
                        .collect(Collectors.toSet());
    }

    /// Measures and prints the figures.
    ///
    /// @param arguments a directory for the states, which are made once
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        new Rounds("history", 1).progress("making the states, if they are not there");
        Path large = state(directory, MANY);
        Path small = state(directory, FEW);
        var rounds = new Rounds("history.start", ROUNDS);
        double _ = start(large) + start(small);
        print(rounds.alternate(() -> start(large), () -> start(small)), "history.start", "ms");
        try (var many = new HistoryBench(large, MANY);
                var few = new HistoryBench(small, FEW)) {
            for (var row : Row.values()) {
                double _ = many.time(row) + few.time(row);
                print(
                        new Rounds(row.figure, ROUNDS)
                                .alternate(() -> many.time(row), () -> few.time(row)),
                        row.figure,
                        "ms");
            }
        }
        var heap = new Rounds("history.tidy.heap", 1);
        print(
                heap.alternate(() -> SmallHeap.megabytes(large), () -> SmallHeap.megabytes(small)),
                "history.tidy.heap",
                "MiB");
    }

    private static void print(Rounds.Medians medians, String figure, String unit) {
        System.out.println(
                Figure.against(medians.reference(), figure, medians.value(), unit).line());
    }

    private static Path state(Path directory, int runs) throws IOException {
        Path state = directory.resolve("history-" + runs);
        if (!Files.exists(state)) {
            LargeState.make(file(Files.createDirectories(state)), runs, REPOSITORIES);
        }
        return state;
    }

    private static Path file(Path state) {
        return state.resolve("airlock.db");
    }

    /// Milliseconds that the database's parts of a server's start take.
    private static double start(Path state) throws Exception {
        return Rounds.seconds(() -> open(file(state))) * 1000;
    }

    private static void open(Path file) {
        try (var database = Database.open(file)) {
            var _ = new Pins(database);
            var claims = new Claims(database, CLOCK, (_, _) -> {}, UUID.randomUUID().toString());
            int _ = claims.recoverAll();
            var _ = claims.forges();
            new Sweeps(database, CLOCK).askForAll();
            var outbox = new Outbox(database, CLOCK, URI.create("https://ci.example"));
            new StatusSender(database, outbox, CLOCK, Map.of(), _ -> Optional.empty()).close();
        }
    }

    /// What is measured.
    private enum Row {
        HOME("history.home"),
        REPOSITORY("history.repository"),
        BADGE("history.badge"),
        CLAIM("history.claim"),
        INTAKE("history.intake"),
        TIDY("history.tidy");

        private final String figure;

        Row(String figure) {
            this.figure = figure;
        }
    }

    /// Milliseconds for one.
    private double time(Row row) throws Exception {
        int times = row == Row.TIDY ? LOOKS : TIMES;
        double seconds =
                Rounds.seconds(
                        () -> {
                            for (int i = 0; i < times; i++) {
                                once(row);
                            }
                        });
        return seconds * 1000 / times;
    }

    private void once(Row row) {
        switch (row) {
            case HOME -> page(all);
            case REPOSITORY -> page(Set.of(BUSY));
            case BADGE -> {
                if (views.newest(BUSY, MAIN, "").isEmpty()) {
                    throw new IllegalStateException("nothing was pushed to " + MAIN);
                }
            }
            case CLAIM -> {
                count++;
                deliver(new Subject.Branch("refs/heads/claimed-" + count));
                var _ = claims.claimRequest().orElseThrow();
            }
            case INTAKE -> {
                count++;
                deliver(MAIN);
                deliver(MAIN);
            }
            case TIDY -> tidying.look();
        }
    }

    private void page(Set<RepositoryId> repositories) {
        var query = new RunQuery(repositories, SubjectFilter.ANY, "", PAGE);
        int shown = views.runs(query).runs().size();
        if (shown != PAGE) {
            throw new IllegalStateException(shown + " runs on a page");
        }
        var _ = views.waiting(repositories, PAGE);
        var _ = views.withoutRun(query, "");
    }

    /// A push; the second one of the same commit is one that is delivered again.
    private void deliver(Subject.Branch branch) {
        int number = runs + count;
        var _ =
                intake.keep(
                        new Delivery(
                                "demo/team/r1",
                                UUID.randomUUID().toString(),
                                "push",
                                CLOCK.instant(),
                                new byte[400],
                                "hash " + number),
                        new ForgeEvent.Pushed(
                                BUSY,
                                branch,
                                CommitId.NONE,
                                new CommitId("b%039x".formatted(number)),
                                new CommitSummary("push " + number, "ann"),
                                false),
                        new IntakePolicy(false, false));
    }

    @Override
    public void close() {
        database.close();
    }
}
