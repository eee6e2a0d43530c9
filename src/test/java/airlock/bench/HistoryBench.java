package airlock.bench;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.IntakePolicy;
import airlock.results.Views;
import airlock.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Measures `history.*` of docs/performance.md: what pages, badge, claims and deliveries cost after
/// a million runs, in turn with the same after ten thousand, in 5,000 repositories each.
final class HistoryBench implements AutoCloseable {
    private static final int MANY = 1_000_000;
    private static final int FEW = 10_000;
    private static final int REPOSITORIES = 5_000;
    private static final int ROUNDS = 7;
    private static final int TIMES = 50;
    private static final int PAGE = 31;
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");

    /// That with a tenth of all runs.
    private static final RepositoryId BUSY = new RepositoryId("demo", "1");

    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.ofEpochMilli(LargeState.START + MANY * LargeState.GAP));

    private final Path file;
    private final int runs;
    private final Database database;
    private final Views views;
    private final Intake intake;
    private final Claims claims;
    private final Set<RepositoryId> all;
    private int count;

    private HistoryBench(Path directory, int runs) {
        this.file = directory.resolve("history-" + runs + ".db");
        this.runs = runs;
        if (!Files.exists(file)) {
            LargeState.make(file, runs, REPOSITORIES);
        }
        this.database = Database.open(file);
        this.views = new Views(database);
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
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        new Rounds("history", 1).progress("making the states, if they are not there");
        try (var many = new HistoryBench(directory, MANY);
                var few = new HistoryBench(directory, FEW)) {
            for (var row : Row.values()) {
                var rounds = new Rounds(row.figure, ROUNDS);
                double _ = many.time(row) + few.time(row);
                var medians = rounds.alternate(() -> many.time(row), () -> few.time(row));
                System.out.println(
                        Figure.against(medians.reference(), row.figure, medians.value(), "ms")
                                .line());
            }
        }
    }

    /// What is measured.
    private enum Row {
        HOME("history.home"),
        REPOSITORY("history.repository"),
        BADGE("history.badge"),
        CLAIM("history.claim"),
        INTAKE("history.intake");

        private final String figure;

        Row(String figure) {
            this.figure = figure;
        }
    }

    /// Milliseconds for one.
    private double time(Row row) throws Exception {
        double seconds =
                Rounds.seconds(
                        () -> {
                            for (int i = 0; i < TIMES; i++) {
                                once(row);
                            }
                        });
        return seconds * 1000 / TIMES;
    }

    private void once(Row row) {
        switch (row) {
            case HOME -> page(all);
            case REPOSITORY -> page(Set.of(BUSY));
            case BADGE -> {
                var newest = views.newest(BUSY, MAIN).orElseThrow();
                var _ = views.runsOf(newest.id());
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
        }
    }

    private void page(Set<RepositoryId> repositories) {
        int shown = views.runs(new Views.Filter(repositories, "", "", ""), PAGE).size();
        if (shown != PAGE) {
            throw new IllegalStateException(shown + " runs on a page");
        }
        var _ = views.waiting(repositories, PAGE);
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
