package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.RepositoryId;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.store.Database;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills (SIGKILL) a process that rotates over and over, at any moment: the key file that it leaves
/// opens everything, and so does the one after the next rotation.
@Tag("crash")
class RotationCrashTest {
    private static final RepositoryId REPOSITORY = SecretsFixture.REPOSITORY;
    private static final int ROUNDS = 25;
    private static final int SECRETS = 40;
    private static final int MOST_MICROSECONDS = 40_000;

    @TempDir Path folder;

    @Test
    void aKillAtAnyMomentLeavesAKeyFileThatOpensEverything() throws Exception {
        try (var database = Database.open(folder.resolve("airlock.db"))) {
            var store = store(database);
            for (int i = 0; i < SECRETS; i++) {
                store.values().set(REPOSITORY, SecretKind.FILE, "f" + i, value(i), "ada");
            }
            var _ = store.keys().make(REPOSITORY, "deploy", "ada");
        }
        var random = new Random(20261128);
        int interrupted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            kill(random.nextInt(MOST_MICROSECONDS));
            try (var database = Database.open(folder.resolve("airlock.db"))) {
                var store = store(database);
                for (int i = 0; i < SECRETS; i++) {
                    assertThat(store.values().open(REPOSITORY, SecretKind.FILE, "f" + i))
                            .as("round %d", round)
                            .hasValue(value(i));
                }
                assertThat(store.keys().privateFile(REPOSITORY, "deploy")).isPresent();
            }
            interrupted += new KeyFile(folder.resolve(KeyFile.NAME)).read().isReplaced() ? 1 : 0;
        }
        assertThat(interrupted).as("kills between two steps").isPositive();
    }

    private static byte[] value(int i) {
        return ("secret number " + i).getBytes(StandardCharsets.UTF_8);
    }

    private SecretStore store(Database database) {
        return SecretStore.of(
                database, InstantSource.system(), new KeyFile(folder.resolve(KeyFile.NAME)));
    }

    /// Lets it rotate a few times, and a few microseconds longer.
    private void kill(int microseconds) throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                // starts faster, and lives for seconds only
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RotationMain.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && !line.startsWith("Done")) {
                line = out.readLine();
            }
            assertThat(line).isNotNull();
            TimeUnit.MICROSECONDS.sleep(microseconds);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
