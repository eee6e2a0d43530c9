package airlock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.program.Program;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LauncherTest {
    @Test
    void theLauncherStartsFromOneThreadUntilItIsClosed() throws Exception {
        try (var launcher = new Launcher()) {
            var process = launcher.start(Program.of(List.of("true")));

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> launcher.start(Program.of(List.of("/nonexistent/tool"))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoIsInterruptedMeanwhileIsGivenTheProcessNonetheless() throws Exception {
        try (var launcher = new Launcher()) {
            Thread.currentThread().interrupt();

            var process = launcher.start(Program.of(List.of("true")));

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
                        program -> {
                            starts.countDown();
                            awaitUninterruptibly(goOn);
                            return program.start();
                        });
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = others.submit(() -> launcher.start(Program.of(List.of("true"))));
            starts.await();
            var second = others.submit(() -> launcher.start(Program.of(List.of("true"))));

            launcher.close();
            goOn.countDown();

            assertThat(first.get().waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(second::get).hasRootCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> launcher.start(Program.of(List.of("true"))))
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
