package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve(KeyFile.NAME);
    }

    @Test
    void theFirstUseMakesItForItsOwnerAlone() throws IOException {
        var made = new KeyFile(file).readOrMake();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        byte[] sealed = made.seal(new byte[] {1}, "a");
        assertThat(new KeyFile(file).readOrMake().open(sealed, "a")).containsExactly(1);
        assertThat(names()).containsExactly(KeyFile.NAME);
    }

    @Test
    void manyFirstUsesAtOnceAgreeOnOneKey() throws Exception {
        Callable<MasterKey> use = () -> new KeyFile(file).readOrMake();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<MasterKey>> keys =
                    Stream.generate(() -> threads.submit(use)).limit(20).toList();
            byte[] sealed = keys.getFirst().get().seal(new byte[] {1}, "a");
            for (var key : keys) {
                assertThat(key.get().open(sealed, "a")).containsExactly(1);
            }
        }
        assertThat(names()).containsExactly(KeyFile.NAME);
    }

    @Test
    void oneThatOthersMayReadIsRefused() throws IOException {
        var _ = new KeyFile(file).readOrMake();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> new KeyFile(file).read())
                .isInstanceOf(SecretsException.class)
                .hasMessage(
                        "the master key " + file + " is open to others (rw-r-----): chmod 600 it");
    }

    @Test
    void aMissingOneIsNotMadeAnewByReading() {
        assertThatThrownBy(() -> new KeyFile(file).read())
                .isInstanceOf(SecretsException.class)
                .hasMessageContaining(file + " is missing")
                .hasMessageContaining("backup");
        assertThat(file).doesNotExist();
    }

    @Test
    void oneThatHoldsNoKeyIsDamaged() throws IOException {
        for (String content :
                List.of("", "\n", "abc\n", "g".repeat(64), "ab".repeat(33), "é".repeat(5000))) {
            Files.deleteIfExists(file);
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> new KeyFile(file).read())
                    .isInstanceOf(SecretsException.class)
                    .hasMessage(
                            "the master key "
                                    + file
                                    + " is damaged: expected 64 hex digits and a line feed");
        }
    }

    @Test
    void aFolderThatIsNotThereIsSaid() {
        var lost = new KeyFile(folder.resolve("no/such/" + KeyFile.NAME));
        assertThatThrownBy(lost::readOrMake)
                .isInstanceOf(SecretsException.class)
                .hasMessageContaining("making the master key");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
