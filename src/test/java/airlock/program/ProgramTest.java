package airlock.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Ending sh(String script, Duration limit) throws InterruptedException {
        return Program.run(List.of("sh", "-c", script), limit);
    }

    private static boolean isOver(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).map(p -> !p.isAlive()).orElse(true);
    }

    @Test
    void outputOfBothStreamsAndTheCodeComeBack() throws Exception {
        var result = sh("echo one; echo two >&2; exit 3", LIMIT);

        assertThat(result).isEqualTo(new Ending("sh", 3, "one\ntwo\n"));
        assertThat(result.passed()).isFalse();
        assertThat(result.lastLine()).isEqualTo("two");
        assertThat(result.words()).isEqualTo("sh failed with code 3: one\ntwo");
    }

    @Test
    void onlyTheEndOfALongOutputIsKept() throws Exception {
        var result = sh("head -c 1000000 /dev/zero | tr '\\0' x; echo end", LIMIT);

        assertThat(result.output()).hasSizeBetween(32 << 10, 64 << 10).endsWith("xend\n");
    }

    @Test
    void aProgramThatTakesTooLongIsKilledWithWhatItStarted() throws Exception {
        var result = sh("sleep 1000 & sleep 1000", Duration.ofMillis(100));

        assertThat(result.code()).isEqualTo(Ending.TOO_LONG);
        assertThat(result.words()).isEqualTo("sh was stopped: it took longer than PT0.1S");
    }

    @Test
    void aMissingProgramIsNamedWithItsPackage() throws Exception {
        assertThat(Program.run(List.of("/nonexistent/tool"), LIMIT).words())
                .isEqualTo("there is no /nonexistent/tool");
        assertThat(Program.of(List.of("mke2fs")).withOnly(Map.of("PATH", "/none")).run(LIMIT))
                .isEqualTo(
                        new Ending(
                                "mke2fs",
                                Ending.NOT_FOUND,
                                "there is no mke2fs; install it: apt-get install e2fsprogs"));
        assertThatThrownBy(() -> Program.of(List.of("no-such-tool")).start())
                .isInstanceOf(IOException.class)
                .hasMessage("there is no no-such-tool");
    }

    @ParameterizedTest
    @ValueSource(strings = {"env -i", "prlimit --core=0", "setsid --wait", "nice", "exec", ""})
    void aMissingProgramBehindOthersIsNamedWithItsPackage(String before) throws Exception {
        assertThat(sh(before + " /none/skopeo; exit 3", LIMIT).words())
                .endsWith("; install it: apt-get install skopeo");
    }

    /// In a session of its own, so that a mistake ends nothing but that.
    @ParameterizedTest
    @CsvSource({"HUP,1", "TERM,15", "KILL,9"})
    void aSignalToItsProcessGroupReachesOnlyTheProgram(String name, int signal) throws Exception {
        var process =
                new ProcessBuilder(
                                "setsid",
                                "--wait",
                                // nohup(1) around all tests has SIGHUP ignored
                                "env",
                                "--default-signal",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                ProgramMain.class.getName(),
                                "echo working; kill -%s 0; sleep 1000".formatted(name))
                        .redirectErrorStream(true)
                        .start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .startsWith(
                        "went on after: sh was killed by signal %d (SIG%s".formatted(signal, name))
                .endsWith("): working\n");
    }

    @Test
    void itsProcessIsTheProgramItselfAndLeadsItsSession() throws Exception {
        var process =
                Program.of(List.of("sh", "-c", "echo $$; cut -d ' ' -f 5,6 /proc/$$/stat")).start();

        String id = Long.toString(process.pid());
        assertThat(process.inputReader().lines()).containsExactly(id, id + " " + id);
    }

    @Test
    void nothingThatItLeavesInItsGroupOutlivesIt() throws Exception {
        // the first shell ends, so nothing tells any more whose child the second one was
        var result = sh("(sleep 1000 >/dev/null 2>&1 & echo $!)", LIMIT);

        assertThat(result.passed()).isTrue();
        await().until(() -> isOver(result.lastLine()));
    }

    @Test
    void wordsAboutItsEndHaveNoControlCharacters() {
        assertThat(new Ending("skopeo", 1, "no\u001b[2J\u0007\nlast").words())
                .isEqualTo("skopeo failed with code 1: no�[2J�\nlast");
        assertThat(new Ending("qemu-img", 128 + 25, "").words())
                .isEqualTo(
                        "qemu-img was killed by signal 25 (SIGXFSZ: it reached its limit for the"
                                + " size of a file)");
    }
}
