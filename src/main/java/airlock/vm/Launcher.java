package airlock.vm;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/// Starts the processes of all VMs from one platform thread that lives as long as the server. The
/// kernel's parent-death signal, on which `bwrap --die-with-parent` rests, follows the thread that
/// started a process, not the JVM: started from a virtual thread, a VM would die with its carrier.
public final class Launcher implements AutoCloseable {
    private final LinkedBlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
    private final Starter starter;
    private final Thread thread;

    public Launcher() {
        this(ProcessBuilder::start);
    }

    Launcher(Starter starter) {
        this.starter = starter;
        thread = Thread.ofPlatform().name("vm-launcher").daemon().start(this::work);
    }

    /// How a process is started.
    @FunctionalInterface
    interface Starter {
        Process start(ProcessBuilder builder) throws IOException;
    }

    private void work() {
        try {
            while (true) {
                asked.take().run();
            }
        } catch (InterruptedException _) {
            // closed: with this thread end the VMs that are left
        }
    }

    /// Starts a process.
    ///
    /// @throws IOException when it cannot be started
    /// @throws IllegalStateException when the launcher is closed
    public Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        var started = new CompletableFuture<Process>();
        asked.add(
                () -> {
                    try {
                        started.complete(starter.start(builder));
                    } catch (IOException | RuntimeException e) {
                        started.completeExceptionally(e);
                    }
                });
        if (!thread.isAlive()) {
            throw new IllegalStateException("the server stops; no VM is started any more");
        }
        try {
            return started.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Ends the thread, and with it, where bubblewrap is in use, the VMs that still run.
    @Override
    public void close() {
        thread.interrupt();
    }
}
