package airlock.queue;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
    private static final long NOON = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();

    private final Database database;
    private Instant now = Instant.ofEpochMilli(NOON);
    private final Load load;

    LoadTest(@TempDir Path folder) {
        this.database = Database.open(folder.resolve("airlock.db"));
        this.load = new Load(database, () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void request(String id, String state, long created, long notBefore) {
        database.write(
                handle ->
                        handle.execute(
                                """
                                INSERT INTO request (id, repository, kind, subject, target, before_commit,
                                    commit_id, title, author, cause, state, created_at, not_before)
                                VALUES (?, 'f:1', 'branch', 'refs/heads/main', '', '', '', '', '', '', ?, ?, ?)
                                """,
                                id,
                                state,
                                created,
                                notBefore));
    }

    private void run(String id, String request, String state, long created) {
        database.write(
                handle ->
                        handle.execute(
                                """
                                INSERT INTO run (id, request, repository, kind, subject, target, commit_id, plan,
                                    context, trust, plan_file, plan_text, source, state, created_at)
                                VALUES (?, ?, 'f:1', 'branch', 'refs/heads/main', '', '', '', '', '', '', '', '', ?, ?)
                                """,
                                id,
                                request,
                                state,
                                created));
    }

    @Test
    void whereNothingIsNothingWaits() {
        assertThat(load.requests()).isEqualTo(new Load.Open(0, 0, Duration.ZERO));
        assertThat(load.runs()).isEqualTo(new Load.Open(0, 0, Duration.ZERO));
    }

    @Test
    void whatWaitsIsCountedWhetherItIsDueOrNot() {
        request("a", "queued", NOON - 5_000, 0);
        request("b", "queued", NOON - 9_000, NOON + 60_000);
        request("c", "claimed", NOON - 99_000, 0);
        request("d", "planned", NOON - 99_000, 0);
        request("e", "ended", NOON - 99_000, 0);
        assertThat(load.requests()).isEqualTo(new Load.Open(2, 1, Duration.ofSeconds(9)));
        run("r", "d", "queued", NOON - 3_000);
        run("s", "d", "claimed", NOON - 70_000);
        run("t", "e", "ended", NOON - 70_000);
        assertThat(load.runs()).isEqualTo(new Load.Open(1, 1, Duration.ofSeconds(3)));
        now = now.minus(Duration.ofDays(1));
        assertThat(load.runs().oldest()).as("the clock was set back").isZero();
    }

    @Test
    void whatHasEndedIsNotLookedAt() {
        for (String table : List.of("request", "run")) {
            for (String where :
                    List.of(
                            "state = 'queued' AND not_before = 0",
                            "state = 'queued' AND not_before > 0",
                            "state = 'claimed'")) {
                List<String> plan =
                        database.read(
                                handle ->
                                        handle.createQuery(
                                                        "EXPLAIN QUERY PLAN SELECT COUNT(*) FROM "
                                                                + table
                                                                + " WHERE "
                                                                + where)
                                                .map((rows, _) -> rows.getString("detail"))
                                                .list());
                assertThat(plan).singleElement().asString().contains(" INDEX " + table + "_");
            }
        }
    }
}
