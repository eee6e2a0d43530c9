package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTypeTest {
    private static final String VALUE = "an-opaque-value-4711";
    private static final String TEXT = SMALL.replace("{env: HOOK}", "{file: hook}");

    @TempDir private Path directory;
    private ConfigFixture fixture;

    @BeforeEach
    void start() {
        fixture = new ConfigFixture(directory);
    }

    private String problem() {
        assertThat(fixture.problems(TEXT)).hasSize(1);
        return fixture.problems(TEXT).getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rw-r-----", "r--r-----"})
    void aFileOfItsOwnerIsRead(String mode) {
        fixture.write("hook", VALUE + "\n", mode);
        assertThat(fixture.config(TEXT).repositories().getFirst().hookSecrets())
                .containsExactly(new Secret(VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-----w-", "rwxr-x--x"})
    void aFileThatOthersCanReadOrChangeIsRefused(String mode) {
        fixture.write("hook", VALUE, mode);
        assertThat(problem())
                .isEqualTo(
                        "airlock.yaml:8:23: repositories[0].hook_secret.file: others than its owner can"
                                + " read or change hook; run: chmod 600 "
                                + "hook");
    }

    @Test
    void aMissingFileSaysHowToMakeIt() {
        assertThat(problem())
                .isEqualTo(
                        "airlock.yaml:8:23: repositories[0].hook_secret.file: no file hook; make it:"
                                + " `(umask 077; openssl rand -hex 32 > hook)`");
    }

    @Test
    void aSymbolicLinkIsJudgedByItsTarget() throws IOException {
        Path target = fixture.write("target", VALUE, "rw-r--r--");
        Files.createSymbolicLink(directory.resolve("hook"), target);
        assertThat(problem()).contains("others than its owner");
        fixture.write("target", VALUE, "rw-------");
        assertThat(fixture.config(TEXT).repositories()).hasSize(1);
    }

    @Test
    void whatIsNoSecretIsRefused() throws IOException {
        fixture.write("hook", "\n", "rw-------");
        assertThat(problem()).endsWith("the secret is empty");
        fixture.write("hook", "a\nb\n", "rw-------");
        assertThat(problem()).endsWith("control characters or more than one line");
        fixture.write("hook", "a".repeat(70_000), "rw-------");
        assertThat(problem()).endsWith("hook has 70,000 bytes; at most 65,536 allowed");
        Files.write(directory.resolve("hook"), new byte[] {(byte) 0xff, 'a'});
        assertThat(problem()).endsWith("hook is not UTF-8");
        Files.delete(directory.resolve("hook"));
        Files.createDirectory(directory.resolve("hook"));
        assertThat(problem()).endsWith("hook is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VALUE,
                "[" + VALUE + "]",
                "{value: " + VALUE + "}",
                "{file: [" + VALUE + "]}",
                "!!int " + VALUE,
                "&" + VALUE + " x",
                "'" + VALUE,
                "4711" + "0815"
            })
    void noMessageShowsASecretThatWasWrittenInline(String inline) {
        assertThat(fixture.problems(SMALL.replace("{env: HOOK}", inline)))
                .isNotEmpty()
                .noneMatch(problem -> problem.contains(VALUE) || problem.contains("47110815"));
    }

    @Test
    void theWholeTreePrintsNoSecret() {
        fixture.write("hook", VALUE, "rw-------");
        assertThat(fixture.config(TEXT).toString()).contains("***").doesNotContain(VALUE);
    }
}
