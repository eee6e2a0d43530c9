package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A statement that is kept is as good as a new one.
class KeptStatementsTest {
    private static final String ADD =
            "INSERT INTO hook_pin (hook, repository, pinned_at) VALUES (:hook, :repository, :at)";
    private static final String ALL = "SELECT hook FROM hook_pin ORDER BY hook";

    @TempDir Path folder;
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static int add(Handle handle, String hook) {
        return handle.createUpdate(ADD)
                .bind("hook", hook)
                .bind("repository", "a:1")
                .bind("at", 0)
                .execute();
    }

    private static List<String> all(Handle handle) {
        return handle.createQuery(ALL).mapTo(String.class).list();
    }

    @Test
    void whatAStatementWasGivenBeforeIsForgotten() {
        database.<Integer>write(handle -> add(handle, "a") + add(handle, "b"));

        assertThatThrownBy(
                        () ->
                                database.<Integer>write(
                                        handle ->
                                                handle.createUpdate(ADD)
                                                        .bind("hook", "c")
                                                        .bind("repository", "a:1")
                                                        .bindNull("at", java.sql.Types.BIGINT)
                                                        .execute()))
                .hasMessageContaining("NOT NULL");
        database.<Integer>write(handle -> add(handle, "d"));
        assertThat(database.<List<String>>read(KeptStatementsTest::all))
                .containsExactly("a", "b", "d");
    }

    @Test
    void oneThatIsInUseIsNotGivenToASecondUser() {
        database.<Integer>write(handle -> add(handle, "a") + add(handle, "b") + add(handle, "c"));

        var seen =
                database.<List<String>>read(
                        handle -> {
                            var pairs = new ArrayList<String>();
                            handle.createQuery(ALL)
                                    .mapTo(String.class)
                                    .useIterator(
                                            outer ->
                                                    outer.forEachRemaining(
                                                            one -> pairs.add(one + all(handle))));
                            return pairs;
                        });

        assertThat(seen).containsExactly("a[a, b, c]", "b[a, b, c]", "c[a, b, c]");
    }

    @Test
    void moreTextsThanAreKeptDoNoHarm() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 500; i++) {
                int number = i;
                assertThat(
                                database.<Integer>read(
                                        handle ->
                                                handle.createQuery("SELECT " + number)
                                                        .mapTo(Integer.class)
                                                        .one()))
                        .isEqualTo(i);
            }
        }
    }
}
