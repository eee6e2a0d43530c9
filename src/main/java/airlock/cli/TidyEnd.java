package airlock.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C and SIGTERM into an interrupt of the worker thread, and keeps the JVM alive until
/// that thread has cleaned up.
final class TidyEnd implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final CountDownLatch tidy = new CountDownLatch(1);
    private final Thread hook;

    /// @param worker closes this when it is done
    TidyEnd(Thread worker) {
        hook = Thread.ofPlatform().unstarted(() -> end(worker));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end(Thread worker) {
        worker.interrupt();
        try {
            if (!tidy.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("not all is tidied up; the next command will do it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        tidy.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the hook is running, and waits for this
        }
    }
}
