package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
    @TempDir Path directory;

    @Test
    void whatItPrintsGoesIntoTheFile() throws Exception {
        var out = directory.resolve("out");

        new Tool("sh").write(out, "-c", "echo hello; echo aside >&2; env | sort");

        assertThat(out).content().startsWith("hello\n").contains("LC_ALL=C.UTF-8");
        assertThat(out).content().doesNotContain("aside", "HOME=", "JAVA_HOME=");
    }

    @Test
    void aFailureShowsTheCodeTheCallAndTheEndOfItsErrors() {
        var script = "i=0; while [ $i -lt 999 ]; do echo line $i >&2; i=$((i+1)); done; exit 7";

        assertThatThrownBy(() -> new Tool("sh").run("-c", script))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("sh failed with code 7: ")
                .hasMessageEndingWith("line 998")
                .hasMessageNotContaining("line 10\n");
    }

    @Test
    void aFailureEndsWithTheAdviceWhereThereIsOne() {
        assertThatThrownBy(() -> new Tool("sh", "Ask the shell.").run("-c", "echo no >&2; exit 1"))
                .isInstanceOf(ImageException.class)
                .hasMessageEndingWith("no\nAsk the shell.");
    }

    @Test
    void aToolThatIsNotThereIsNamedWithItsPackage() {
        assertThatThrownBy(() -> new Tool("no-such-tool").run())
                .isInstanceOf(ImageException.class)
                .hasMessage(
                        "no-such-tool is needed, and no-such-tool is not here: apt-get install"
                                + " no-such-tool");
    }

    @Test
    void itsVariablesAreThere() throws Exception {
        var out = directory.resolve("out");

        new Tool("sh").with(java.util.Map.of("A", "b c")).write(out, "-c", "echo \"$A\"");

        assertThat(out).hasContent("b c\n");
    }

    @Test
    void nothingThatItMountsStaysMounted() throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: only root mounts");
        }
        assumeTrue(root);

        new Tool("sh").run("-c", "mount -t tmpfs tmpfs " + directory);

        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(directory.toString());
    }

    @Test
    void itEndsWhenThisProcessIsKilledAndCanTidyUp() throws Exception {
        var pid = directory.resolve("pid");
        var tidied = directory.resolve("tidied");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                ToolMain.class.getName(),
                                directory.resolve("out").toString(),
                                "trap 'touch "
                                        + tidied
                                        + "; exit' TERM; echo $$ > "
                                        + pid
                                        + ".new; mv "
                                        + pid
                                        + ".new "
                                        + pid
                                        + "; while :; do sleep 0.1; done")
                        .start();
        await().until(() -> Files.exists(pid));

        process.destroyForcibly().waitFor();

        await().until(() -> Files.exists(tidied));
        long tool = Long.parseLong(Files.readString(pid).strip());
        await().until(() -> ProcessHandle.of(tool).map(p -> !p.isAlive()).orElse(true));
    }

    @Test
    void anInterruptEndsItAndWhatItStarted() throws Exception {
        var pids = directory.resolve("pids");
        var running = new CompletableFuture<Void>();
        var thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        new Tool("sh")
                                                .run(
                                                        "-c",
                                                        "sleep 1000 & echo $$ $! > "
                                                                + pids
                                                                + ".new; mv "
                                                                + pids
                                                                + ".new "
                                                                + pids
                                                                + "; wait");
                                        running.complete(null);
                                    } catch (InterruptedException e) {
                                        running.completeExceptionally(e);
                                    }
                                });
        await().until(() -> Files.exists(pids));
        var started = Files.readString(pids).strip().split(" ", -1);

        thread.interrupt();

        assertThatThrownBy(running::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        for (String pid : started) {
            await().until(
                            () ->
                                    ProcessHandle.of(Long.parseLong(pid))
                                            .map(process -> !process.isAlive())
                                            .orElse(true));
        }
    }
}
