package airlock.house;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests that hang, for [HangWatchTest], which runs them in a process of its own. The name keeps
/// this out of all other runs.
class HangingSample {
    private final CountDownLatch never = new CountDownLatch(1);
    private Process child;

    @BeforeEach
    void startChild() throws IOException {
        child = new ProcessBuilder("sleep", "31").start();
        Thread.ofVirtual().start(this::waitInVirtualThread);
    }

    @AfterEach
    void endChild() {
        child.destroyForcibly();
    }

    private void waitInVirtualThread() {
        try {
            never.await();
        } catch (InterruptedException _) {
            // nothing interrupts it
        }
    }

    @Test
    void obeysItsInterruption() throws InterruptedException {
        never.await();
    }

    @Test
    void ignoresItsInterruption() {
        while (true) {
            try {
                never.await();
                return;
            } catch (InterruptedException _) {
                // as some libraries do
            }
        }
    }
}
