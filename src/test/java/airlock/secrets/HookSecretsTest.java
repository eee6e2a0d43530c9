package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HookSecretsTest {
    private static final String HOOK = "forge/alice/hello";

    @TempDir Path directory;
    private Database database;
    private HookSecrets secrets;
    private Instant now = Instant.parse("2026-11-27T12:00:00Z");

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("state.db"));
        secrets = fresh();
    }

    private HookSecrets fresh() {
        return new HookSecrets(database, () -> now, new KeyFile(directory.resolve(KeyFile.NAME)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aHookHasNoneUntilOneIsMadeAndThenTheSameAfterARestart() {
        assertThat(secrets.of(HOOK)).isEmpty();

        var made = secrets.make(HOOK, Duration.ofHours(1), "ann");

        assertThat(made.reveal()).matches("[0-9a-f]{64}");
        assertThat(secrets.of(HOOK)).containsExactly(made);
        assertThat(fresh().of(HOOK)).containsExactly(made);
        assertThat(secrets.of("forge/alice/other")).isEmpty();
    }

    @Test
    void t8TwoAreGoodWhileOneReplacesTheOtherAndThenOneAlone() {
        var first = secrets.make(HOOK, Duration.ofHours(1), "ann");
        var second = secrets.make(HOOK, Duration.ofHours(1), "ann");

        assertThat(secrets.of(HOOK)).containsExactly(second, first);
        now = now.plus(Duration.ofHours(1));
        assertThat(secrets.of(HOOK)).containsExactly(second);
        assertThat(fresh().of(HOOK)).containsExactly(second);
    }

    @Test
    void ofThreeTheFirstIsGoodNoLonger() {
        secrets.make(HOOK, Duration.ofHours(1), "ann");
        var second = secrets.make(HOOK, Duration.ofHours(1), "ann");
        var third = secrets.make(HOOK, Duration.ofHours(1), "ann");

        assertThat(secrets.of(HOOK)).containsExactly(third, second);
    }

    @Test
    void noneIsOnTheDiskInTheClear() throws Exception {
        var made = secrets.make(HOOK, Duration.ofHours(1), "ann");
        database.close();

        for (Path file : filesBelow()) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .as(file.toString())
                    .doesNotContain(made.reveal());
        }
    }

    private java.util.List<Path> filesBelow() throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
