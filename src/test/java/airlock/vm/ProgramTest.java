package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Program.Result sh(String script, Duration limit) throws InterruptedException {
        return Program.run(List.of("sh", "-c", script), limit);
    }

    @Test
    void outputOfBothStreamsAndTheCodeComeBack() throws Exception {
        var result = sh("echo one; echo two >&2; exit 3", LIMIT);

        assertThat(result).isEqualTo(new Program.Result(3, "one\ntwo\n"));
        assertThat(result.passed()).isFalse();
        assertThat(result.lastLine()).isEqualTo("two");
    }

    @Test
    void onlyTheEndOfALongOutputIsKept() throws Exception {
        var result = sh("head -c 1000000 /dev/zero | tr '\\0' x; echo end", LIMIT);

        assertThat(result.output()).hasSizeBetween(32 << 10, 64 << 10).endsWith("xend\n");
    }

    @Test
    void whatTakesTooLongIsKilledWithWhatItStarted() throws Exception {
        assertThat(sh("sleep 1000 & sleep 1000", Duration.ofMillis(100)).code()).isEqualTo(-1);
    }

    @Test
    void aProgramThatIsMissingIsAResultToo() throws Exception {
        var result = Program.run(List.of("/nonexistent/tool"), LIMIT);

        assertThat(result.code()).isEqualTo(127);
        assertThat(result.output()).contains("/nonexistent/tool");
    }

    @Test
    void theLauncherStartsFromOneThreadUntilItIsClosed() throws Exception {
        try (var launcher = new Launcher()) {
            var process = launcher.start(new ProcessBuilder("true"));

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> launcher.start(new ProcessBuilder("/nonexistent/tool")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoIsInterruptedMeanwhileIsGivenTheProcessNonetheless() throws Exception {
        try (var launcher = new Launcher()) {
            Thread.currentThread().interrupt();

            var process = launcher.start(new ProcessBuilder("true"));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whoAsksAStoppingLauncherIsToldSo() throws Exception {
        var starts = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var launcher =
                new Launcher(
                        builder -> {
                            starts.countDown();
                            awaitUninterruptibly(goOn);
                            return builder.start();
                        });
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = others.submit(() -> launcher.start(new ProcessBuilder("true")));
            starts.await();
            var second = others.submit(() -> launcher.start(new ProcessBuilder("true")));

            launcher.close();
            goOn.countDown();

            assertThat(first.get().waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(second::get).hasRootCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> launcher.start(new ProcessBuilder("true")))
                    .hasMessageContaining("the server stops");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                // closed; the start that had begun goes on
            }
        }
    }
}
