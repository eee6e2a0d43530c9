package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.bench.LargeState;
import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The newest rows are those that a plain query over the whole table gives.
class NewestTest {
    private static final int RUNS = 3_000;

    @TempDir Path folder;

    @Test
    void givesWhatTheWholeTableGives() {
        Path file = folder.resolve("airlock.db");
        LargeState.make(file, RUNS, 60);
        try (var database = Database.open(file)) {
            for (var repositories :
                    List.of(some(1, 1), some(7, 7), some(2, 5), some(20, 60), some(1, 60))) {
                for (long before : List.of(Long.MAX_VALUE, 2_000L, 700L, 3L)) {
                    for (int most : List.of(1, 31, 400)) {
                        check(
                                database,
                                new Newest.Wanted(repositories, SubjectFilter.ANY, before),
                                most);
                        check(
                                database,
                                new Newest.Wanted(
                                        repositories,
                                        new SubjectFilter("branch", "refs/heads/topic-3"),
                                        before),
                                most);
                    }
                }
            }
        }
    }

    /// Also if there are many repositories.
    @Test
    void givesNothingOfRepositoriesWithoutRuns() {
        Path file = folder.resolve("airlock.db");
        LargeState.make(file, RUNS, 10);
        try (var database = Database.open(file)) {
            check(
                    database,
                    new Newest.Wanted(some(100, 200), SubjectFilter.ANY, Long.MAX_VALUE),
                    31);
        }
    }

    private static Set<RepositoryId> some(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> new RepositoryId("demo", String.valueOf(i)))
                .collect(Collectors.toSet());
    }

    private static void check(Database database, Newest.Wanted wanted, int most) {
        var names =
                wanted.repositories().stream()
                        .map(RepositoryId::toString)
                        .collect(Collectors.joining("', '", "'", "'"));
        var expected =
                database.read(
                        handle ->
                                handle.createQuery(
                                                "SELECT seq FROM run WHERE repository IN ("
                                                        + names
                                                        + ") AND seq < :before AND (:kind = '' OR"
                                                        + " kind = :kind AND subject = :subject)"
                                                        + " ORDER BY seq DESC LIMIT :most")
                                        .bind("before", wanted.before())
                                        .bind("kind", wanted.subject().kind())
                                        .bind("subject", wanted.subject().key())
                                        .bind("most", most)
                                        .mapTo(Long.class)
                                        .list());
        List<Long> found = database.read(handle -> new Newest("run", "").of(handle, wanted, most));
        assertThat(found).isEqualTo(expected);
    }
}
