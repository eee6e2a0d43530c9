package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that may not grow any more, which SQLite tells as it tells a full disk.
final class FullDatabaseTest {
    @TempDir Path directory;
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("airlock.db"));
        write("CREATE TABLE thing (name TEXT PRIMARY KEY, bytes BLOB)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private int write(String sql, Object... values) {
        return database.write(handle -> handle.execute(sql, values));
    }

    private long pragma(String sql) {
        return database.write(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private long things() {
        return database.read(
                handle -> handle.createQuery("SELECT COUNT(*) FROM thing").mapTo(Long.class).one());
    }

    private void full() {
        long pages = pragma("PRAGMA page_count");
        assertThat(pragma("PRAGMA max_page_count = " + pages)).isEqualTo(pages);
    }

    @Test
    void whatDoesNotFitIsAFaultOfTheStoreAndNothingOfItIsKept() {
        full();
        assertThatThrownBy(
                        () ->
                                database.write(
                                        handle -> {
                                            handle.execute(
                                                    "INSERT INTO thing VALUES ('small', X'')");
                                            return handle.execute(
                                                    "INSERT INTO thing VALUES ('large', ZEROBLOB(1000000))");
                                        }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("could not be written");
        assertThat(things()).isZero();
    }

    @Test
    void whenThereIsRoomAgainTheSameWriterGoesOn() {
        full();
        assertThatThrownBy(() -> write("INSERT INTO thing VALUES ('a', ZEROBLOB(1000000))"))
                .isInstanceOf(StoreException.class);
        pragma("PRAGMA max_page_count = 1000000");
        assertThat(write("INSERT INTO thing VALUES ('a', ZEROBLOB(1000000))")).isEqualTo(1);
        assertThat(things()).isEqualTo(1);
    }

    @Test
    void aFaultOfTheStatementStaysOne() {
        write("INSERT INTO thing VALUES ('a', X'')");
        assertThatThrownBy(() -> write("INSERT INTO thing VALUES ('a', X'')"))
                .isInstanceOf(UnableToExecuteStatementException.class);
    }
}
