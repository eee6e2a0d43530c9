package airlock.sandbox;

import airlock.program.Program;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/// Starts the processes of all VMs from one platform thread that lives as long as the server. The
/// kernel's parent-death signal, on which `bwrap --die-with-parent` rests, follows the thread that
/// started a process, not the JVM: started from a virtual thread, a VM would die with its carrier.
public final class Launcher implements AutoCloseable {
    private final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Starter starter;
    private final Thread thread;
    private boolean closed;

    private record Asked(Program program, CompletableFuture<Process> started) {}

    public Launcher() {
        this(Program::start);
    }

    public Launcher(Starter starter) {
        this.starter = starter;
        thread = Thread.ofPlatform().name("vm-launcher").daemon().start(this::work);
    }

    /// Starts a process.
    @FunctionalInterface
    public interface Starter {
        Process start(Program program) throws IOException;
    }

    private void work() {
        try {
            while (true) {
                Asked next = asked.take();
                try {
                    next.started.complete(starter.start(next.program));
                } catch (IOException | RuntimeException e) {
                    next.started.completeExceptionally(e);
                }
            }
        } catch (InterruptedException _) {
            // closed: the remaining VMs end with this thread
        }
    }

    /// Starts a process. Returns it even to an interrupted caller, who must end it.
    ///
    /// @throws IllegalStateException if the launcher is closed
    public Process start(Program program) throws IOException {
        var asking = new Asked(program, new CompletableFuture<>());
        ask(asking);
        try {
            return asking.started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized void ask(Asked process) {
        if (closed) {
            throw stopped();
        }
        asked.add(process);
    }

    private static IllegalStateException stopped() {
        return new IllegalStateException("the server stops; no VM is started any more");
    }

    /// Ends the thread and with it, if bubblewrap is in use, the remaining VMs.
    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        for (var next = asked.poll(); next != null; next = asked.poll()) {
            next.started.completeExceptionally(stopped());
        }
    }
}
