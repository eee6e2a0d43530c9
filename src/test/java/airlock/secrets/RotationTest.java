package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.KeyPlace;
import airlock.event.Secret;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.store.Stillness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotationTest extends SecretsFixture {
    private KeyFile keyFile;
    private SecretStore store;
    private Secret hook = new Secret("not yet");

    @BeforeEach
    void open() {
        use(keyFile());
    }

    private void use(KeyFile file) {
        keyFile = file;
        store = SecretStore.of(database, InstantSource.system(), keyFile);
    }

    private void fill() {
        var _ = store.keys().make(REPOSITORY, "deploy", "ada");
        set("one");
        hook = hooks().make("forge/alice/hello", Duration.ofHours(1), "ada");
    }

    private HookSecrets hooks() {
        return new HookSecrets(database, InstantSource.fixed(Instant.EPOCH), keyFile);
    }

    private void set(String name) {
        store.values()
                .set(
                        REPOSITORY,
                        SecretKind.TOKEN,
                        name,
                        name.getBytes(StandardCharsets.UTF_8),
                        "ada");
    }

    private Rotation rotation() {
        return new Rotation(database, keyFile, new Stillness(folder));
    }

    private void everythingOpens(String... names) {
        assertThat(store.keys().privateFile(REPOSITORY, "deploy")).isPresent();
        assertThat(hooks().of("forge/alice/hello")).containsExactly(hook);
        for (String name : names) {
            assertThat(store.values().open(REPOSITORY, SecretKind.TOKEN, name))
                    .hasValueSatisfying(
                            value ->
                                    assertThat(new String(value, StandardCharsets.UTF_8))
                                            .isEqualTo(name));
        }
    }

    private long keys() throws IOException {
        return Files.readString(folder.resolve(KeyFile.NAME)).lines().count();
    }

    @Test
    void aNewKeySealsEverythingAndTheOldOneIsGone() throws Exception {
        fill();
        Path before = Files.copy(folder.resolve(KeyFile.NAME), folder.resolve("before"));
        assertThat(rotation().rotate()).isEqualTo(new Rotation.Outcome.Done(3, ""));
        assertThat(keys()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve(KeyFile.NAME)))
                .isNotEqualTo(Files.readString(before));
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve(KeyFile.NAME))))
                .isEqualTo("rw-------");
        everythingOpens("one");
        use(new KeyFile(before));
        assertThatThrownBy(() -> everythingOpens("one"))
                .isInstanceOf(SecretsException.class)
                .hasMessageContaining("was sealed with master key");
    }

    @Test
    void aCrashAfterTheNewKeyIsThereLosesNothingAndTheNextStartEndsIt() throws Exception {
        fill();
        keyFile.add();
        everythingOpens("one");
        set("two");
        assertThat(rotation().unfinished()).isPresent();
        rotation().settle();
        assertThat(rotation().unfinished()).isEmpty();
        assertThat(keys()).isEqualTo(1);
        everythingOpens("one", "two");
    }

    @Test
    void aFileThatAKilledChangeLeftIsRemovedAtTheNextStart() throws Exception {
        fill();
        Path draft = Files.writeString(folder.resolve(KeyFile.NAME + ".new"), "half a k");
        rotation().settle();
        assertThat(draft).doesNotExist();
        everythingOpens("one");
    }

    @Test
    void withoutAnythingToOpenNothingIsDone() throws Exception {
        assertThat(rotation().rotate()).isInstanceOf(Rotation.Outcome.Refused.class);
        rotation().settle();
        assertThat(folder.resolve(KeyFile.NAME)).doesNotExist();
    }

    @Test
    void whatDoesNotOpenIsNamedAndNothingIsChanged() throws Exception {
        fill();
        int _ = database.<Integer>write(handle -> handle.execute("UPDATE secret SET name = 'x'"));
        String before = Files.readString(folder.resolve(KeyFile.NAME));
        assertThat(rotation().rotate())
                .isInstanceOfSatisfying(
                        Rotation.Outcome.Refused.class,
                        refused ->
                                assertThat(refused.why())
                                        .contains(
                                                "token 'x' of codeberg:7", "Nothing was changed"));
        assertThat(Files.readString(folder.resolve(KeyFile.NAME))).isEqualTo(before);
    }

    @Test
    void aKeyThatSystemdGivesIsRotatedByTheOperatorsHand() throws Exception {
        fill();
        Path file = folder.resolve(KeyFile.NAME);
        use(KeyFile.at(new KeyPlace.Credential(file)));
        assertThat(rotation().rotate())
                .isInstanceOfSatisfying(
                        Rotation.Outcome.Refused.class,
                        refused ->
                                assertThat(refused.why())
                                        .contains("can only be read", "openssl rand -hex 32"));
        everythingOpens("one");

        Files.writeString(file, Files.readString(file) + "ab".repeat(32) + "\n");
        rotation().settle();
        assertThat(keys()).as("never changed from here").isEqualTo(2);
        assertThat(rotation().rotate())
                .isInstanceOfSatisfying(
                        Rotation.Outcome.Done.class,
                        done -> assertThat(done.left()).contains("leave only the last line"));

        Files.writeString(file, "ab".repeat(32) + "\n");
        everythingOpens("one");
    }

    @Test
    void aCredentialMayHaveTheRightsThatSystemdGivesIt() throws Exception {
        fill();
        Path file = folder.resolve(KeyFile.NAME);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        use(KeyFile.at(new KeyPlace.Credential(file)));
        everythingOpens("one");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(keyFile.hindrance()).isPresent();
        use(KeyFile.at(new KeyPlace.Named(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(keyFile.hindrance()).isPresent();
    }

    @Test
    void whatIsKeptMeanwhileOpensAfterwards() throws Exception {
        fill();
        var begun = new CountDownLatch(1);
        var writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int i = 0; i < 200; i++) {
                                        set("n" + i);
                                        begun.countDown();
                                    }
                                });
        begun.await();
        for (int i = 0; i < 10; i++) {
            assertThat(rotation().rotate()).isInstanceOf(Rotation.Outcome.Done.class);
        }
        writer.join();
        for (int i = 0; i < 200; i++) {
            everythingOpens("n" + i);
        }
        assertThat(keys()).isEqualTo(1);
    }
}
