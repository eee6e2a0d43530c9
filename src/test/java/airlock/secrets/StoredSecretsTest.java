package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.RepositoryId;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.secrets.StoredSecrets.StoredSecret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredSecretsTest extends SecretsFixture {
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final RepositoryId OTHER = new RepositoryId("codeberg", "8");
    private static final String VALUE = "correct horse battery staple";

    private StoredSecrets secrets;

    @BeforeEach
    void open() {
        secrets = new StoredSecrets(database, InstantSource.fixed(NOW), keyFile());
    }

    private boolean set(SecretKind kind, String name, String value) {
        return secrets.set(REPOSITORY, kind, name, value.getBytes(StandardCharsets.UTF_8), "ada");
    }

    private String opened(RepositoryId repository, SecretKind kind, String name) {
        return secrets.open(repository, kind, name)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("none");
    }

    @Test
    void aValueIsThereForItsRepositoryKindAndNameAlone() {
        assertThat(set(SecretKind.TOKEN, "registry", VALUE)).isFalse();
        assertThat(opened(REPOSITORY, SecretKind.TOKEN, "registry")).isEqualTo(VALUE);
        assertThat(opened(REPOSITORY, SecretKind.FILE, "registry")).isEqualTo("none");
        assertThat(opened(REPOSITORY, SecretKind.TOKEN, "other")).isEqualTo("none");
        assertThat(opened(OTHER, SecretKind.TOKEN, "registry")).isEqualTo("none");
    }

    @Test
    void anewOneReplacesItAndRemovingForgetsIt() {
        set(SecretKind.FILE, "dput.cf", "one");
        assertThat(set(SecretKind.FILE, "dput.cf", "two")).isTrue();
        assertThat(opened(REPOSITORY, SecretKind.FILE, "dput.cf")).isEqualTo("two");
        assertThat(secrets.remove(REPOSITORY, SecretKind.FILE, "dput.cf")).isTrue();
        assertThat(secrets.remove(REPOSITORY, SecretKind.FILE, "dput.cf")).isFalse();
        assertThat(opened(REPOSITORY, SecretKind.FILE, "dput.cf")).isEqualTo("none");
    }

    @Test
    void theListSaysKindsNamesWhenAndByWhomAndNoValue() {
        set(SecretKind.VARIABLE, "PASSWORD", VALUE);
        set(SecretKind.TOKEN, "registry", VALUE);
        assertThat(secrets.list())
                .containsExactly(
                        new StoredSecret(REPOSITORY, SecretKind.TOKEN, "registry", "ada", NOW),
                        new StoredSecret(REPOSITORY, SecretKind.VARIABLE, "PASSWORD", "ada", NOW));
        assertThat(secrets.list().toString()).doesNotContain("horse");
    }

    @Test
    void itIsNowhereOnTheDiskInTheClearNorInBase64() throws Exception {
        set(SecretKind.TOKEN, "registry", VALUE);
        String encoded = Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8));
        assertThat(onDisk())
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).doesNotContain(VALUE, encoded));
    }

    @Test
    void aRowThatWasMovedToAnotherRepositoryKindOrNameDoesNotOpen() {
        for (String change :
                List.of(
                        "UPDATE secret SET repository = 'codeberg:8'",
                        "UPDATE secret SET kind = 'file'",
                        "UPDATE secret SET name = 'other'")) {
            set(SecretKind.TOKEN, "registry", VALUE);
            assertThat(database.<Integer>write(handle -> handle.execute(change))).isEqualTo(1);
            var moved = secrets.list().getFirst();
            assertThatThrownBy(() -> secrets.open(moved.repository(), moved.kind(), moved.name()))
                    .as(change)
                    .isInstanceOf(SecretsException.class)
                    .hasMessageContaining("was changed or moved")
                    .hasMessageNotContaining(VALUE);
            secrets.remove(moved.repository(), moved.kind(), moved.name());
        }
    }

    @Test
    void whatIsEmptyOrTooLongIsRefused() {
        assertThatThrownBy(() -> set(SecretKind.FILE, "a", ""))
                .hasMessageContaining("1 to 262,144");
        set(SecretKind.FILE, "a", "x".repeat(StoredSecrets.LARGEST));
        assertThatThrownBy(() -> set(SecretKind.FILE, "a", "x".repeat(StoredSecrets.LARGEST + 1)))
                .hasMessageContaining("262,145");
    }
}
