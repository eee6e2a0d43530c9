package airlock.egress;

import airlock.config.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Look-ups of names for all VMs. The system's can't be interrupted and takes as long as it likes,
/// so each has a thread of its own, for which nobody waits longer than is said here; so many are
/// under way at once and no more, of one VM and of all.
public final class LookUps {
    private static final int MOST = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Of one VM: it must not take all places.
    static final int MOST_OF_ONE = 8;

    private final Resolver resolver;
    private final Duration patience;
    private final Semaphore all;

    /// Those of this machine.
    ///
    /// @param resolver may block
    public LookUps(Resolver resolver) {
        this(resolver, MOST, PATIENCE);
    }

    /// @param most how many are under way at once
    /// @param patience how long one takes, with all waiting
    LookUps(Resolver resolver, int most, Duration patience) {
        this.resolver = resolver;
        this.patience = patience;
        this.all = new Semaphore(most);
    }

    /// A resolver for one VM: where none of its look-ups can begin, or its answer does not come in
    /// time, it knows nothing.
    public Resolver ofOne() {
        var own = new Semaphore(MOST_OF_ONE);
        return host -> addresses(host, own);
    }

    private List<InetAddress> addresses(HostName host, Semaphore own) {
        long since = System.nanoTime();
        var answer = new CompletableFuture<List<InetAddress>>();
        try {
            if (!own.tryAcquire(left(since), TimeUnit.NANOSECONDS)) {
                return List.of();
            }
            if (!all.tryAcquire(left(since), TimeUnit.NANOSECONDS)) {
                own.release();
                return List.of();
            }
            Thread.ofPlatform().daemon().name("look-up").start(() -> ask(host, own, answer));
            return answer.get(left(since), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return List.of(); // its thread ends when the system's look-up does
        } catch (ExecutionException e) {
            throw new IllegalStateException("can't look up " + host, e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private long left(long since) {
        return patience.minusNanos(System.nanoTime() - since).toNanos();
    }

    private void ask(HostName host, Semaphore own, CompletableFuture<List<InetAddress>> answer) {
        try {
            answer.complete(resolver.addresses(host));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        } finally {
            all.release();
            own.release();
        }
    }
}
