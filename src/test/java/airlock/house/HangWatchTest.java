package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs tests that hang in a process of their own, with a tiny limit and the project's settings.
class HangWatchTest {
    private static final String LAUNCHER = "org.junit.platform.launcher.";

    private record Outcome(int code, String output) {}

    @Test
    void aTestThatExceedsItsLimitPrintsAllThreadsAndChildProcesses() throws Exception {
        var outcome = run("obeysItsInterruption", 60);

        assertThat(outcome.output())
                .contains("obeysItsInterruption()] exceeds its time limit")
                .containsPattern("\\d+ S \\S*sleep 31\n")
                .contains("HangingSample.obeysItsInterruption", "waitInVirtualThread")
                .contains("=== end of threads", "the other tests went on");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void aTestThatIgnoresItsInterruptionEndsTheProcess() throws Exception {
        var outcome = run("ignoresItsInterruption", 1);

        assertThat(outcome.output())
                .contains("exceeds its time limit", "HangingSample.ignoresItsInterruption")
                .contains("ignores its interruption; ending the process")
                .doesNotContain("the other tests went on");
        assertThat(outcome.code()).isEqualTo(HangWatch.EXIT);
    }

    private static Outcome run(String method, int graceSeconds) throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Djunit.jupiter.execution.timeout.default=1 s",
                                "-D" + HangWatch.GRACE + "=" + graceSeconds,
                                "-cp",
                                System.getProperty("java.class.path") + ":" + launcherJar(),
                                HangWatchTest.class.getName(),
                                HangingSample.class.getName() + "#" + method)
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    /// Whatever runs tests brings the launcher; no test is compiled against it.
    private static Path launcherJar() throws Exception {
        return Path.of(
                launcher("Launcher").getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Class<?> launcher(String name) throws ClassNotFoundException {
        return Class.forName(LAUNCHER + name);
    }

    /// Runs one method by the launcher, in the process that [#run] starts.
    public static void main(String[] words) throws Exception {
        var selectors = Class.forName("org.junit.platform.engine.discovery.DiscoverySelectors");
        var selector = selectors.getMethod("selectMethod", String.class).invoke(null, words[0]);
        var request = launcher("core.LauncherDiscoveryRequestBuilder");
        var builder = request.getMethod("request").invoke(null);
        request.getMethod("selectors", List.class).invoke(builder, List.of(selector));
        var execution = request.getMethod("build").invoke(builder);
        var none = Array.newInstance(launcher("TestExecutionListener"), 0);
        var launcher = launcher("core.LauncherFactory").getMethod("create").invoke(null);
        launcher("Launcher")
                .getMethod("execute", launcher("LauncherDiscoveryRequest"), none.getClass())
                .invoke(launcher, execution, none);
        System.out.println("the other tests went on");
    }
}
