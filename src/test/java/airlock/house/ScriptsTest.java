package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Features of all scripts of `deploy/`: steps with their times, packages, one verdict.
final class ScriptsTest {
    private static final String BEGIN = "set -euo pipefail\n. deploy/lib.sh\nbegin probe\n";

    @TempDir Path root;

    @BeforeEach
    void copy() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createDirectories(root.resolve("deploy"));
        Files.copy(House.ROOT.resolve("deploy/lib.sh"), root.resolve("deploy/lib.sh"));
    }

    private record Ran(int code, List<String> lines) {
        String verdict() {
            return lines.getLast();
        }
    }

    private Ran run(String script) throws Exception {
        return run(List.of("bash", "-c", BEGIN + script));
    }

    private Ran run(List<String> command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        var said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        return new Ran(process.waitFor(), said);
    }

    @Test
    void eachSkippedTestIsToldWithItsReason() throws Exception {
        Path reports = Files.createDirectories(root.resolve("target/surefire-reports"));
        Files.writeString(
                reports.resolve("TEST-a.B.xml"),
                """
                  <testcase name="runs" classname="a.B" time="0"/>
                  <testcase name="waits" classname="a.B" time="0">
                    <skipped message="needs &lt;KVM&gt;"/>
                  </testcase>
                  <testcase name="asks" classname="a.B" time="0">
                    <skipped type="org.x.Aborted"><![CDATA[org.x.Aborted: this machine has: no KVM
                \tat a.B.asks(B.java:1)
                ]]></skipped>
                  </testcase>
                """);

        assertThat(run("skips\nok done").lines())
                .contains(
                        "   skipped: a.B#waits: needs <KVM>",
                        "   skipped: a.B#asks: this machine has: no KVM");
    }

    @Test
    void aStepIsNamedAndTimedAndTheLastLineIsTheVerdict() throws Exception {
        var ran = run("step 'say hello' echo hello\nok \"$(took)\"");
        assertThat(ran.code()).isZero();
        assertThat(ran.lines()).contains("== say hello");
        assertThat(ran.lines()).anyMatch(line -> line.matches(" {3}say hello: \\d+ s"));
        assertThat(ran.verdict()).matches("probe: ok in \\d+ s");
    }

    @Test
    void aStepThatFailsShowsItsOutputAndItsCodeAndTheRestIsNotDone() throws Exception {
        var ran = run("step 'go wrong' bash -c 'echo why; exit 7'\necho after\nok fine");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.lines()).contains("why").doesNotContain("after");
        assertThat(ran.verdict()).startsWith("probe: FAILED: go wrong (ended with 7 after");
    }

    @Test
    void aScriptThatForgetsItsVerdictHasFailed() throws Exception {
        var ran = run("true");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.verdict()).startsWith("probe: FAILED");
    }

    @Test
    void aScriptThatIsEndedFromOutsideSaysSoAndEndsWhatItStarted() throws Exception {
        var ran =
                run(
                        "(sleep 0.5; kill -TERM $$) &\n"
                                + "step 'wait' bash -c 'echo $$ > child; exec sleep 600'");
        assertThat(ran.code()).isEqualTo(143);
        assertThat(ran.verdict()).isEqualTo("probe: FAILED: ended from outside");
        long child = Long.parseLong(Files.readString(root.resolve("child")).strip());
        assertThat(ProcessHandle.of(child)).isEmpty();
    }

    @Test
    void anOrdinaryUserIsToldTheCommandThatInstallsWhatIsMissing() throws Exception {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid", "65534", "--clear-groups"));
        }
        command.addAll(
                List.of("bash", "-c", BEGIN + "need bash:bash no-such-package:no-such-program"));
        var ran = run(command);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.verdict())
                .isEqualTo(
                        "probe: FAILED: missing packages; run: sudo apt-get install"
                                + " --no-install-recommends no-such-package");
    }
}
