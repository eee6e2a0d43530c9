package airlock.egress;

import airlock.config.HostName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names up for all VMs. A look-up of the system can't be interrupted and may take long, so
/// each has its own thread, and callers wait for a limited time. The number of concurrent look-ups
/// is limited for one VM and for all.
public final class LookUps {
    private static final int MOST = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// For one VM, so that it can't take all of them.
    static final int MOST_OF_ONE = 8;

    private final Resolver resolver;
    private final Duration patience;
    private final Semaphore all;

    /// Uses this machine's resolver.
    public static LookUps ofThisMachine() {
        return new LookUps(LookUps::resolved, MOST, PATIENCE);
    }

    private static List<InetAddress> resolved(HostName host) {
        try {
            return List.of(InetAddress.getAllByName(host.text()));
        } catch (UnknownHostException _) {
            return List.of();
        }
    }

    /// @param resolver may block
    /// @param most at the same time
    /// @param patience for one, including all waiting
    LookUps(Resolver resolver, int most, Duration patience) {
        this.resolver = resolver;
        this.patience = patience;
        this.all = new Semaphore(most);
    }

    /// A resolver for one VM. It returns no addresses if a look-up can't begin, or is late.
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
            return List.of(); // the thread ends with the system's look-up
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

    /// Looks up host names.
    @FunctionalInterface
    public interface Resolver {
        /// All addresses, in the order in which to try them; none if the look-up failed.
        List<InetAddress> addresses(HostName host);
    }
}
