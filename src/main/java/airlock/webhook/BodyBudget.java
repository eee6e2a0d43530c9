package airlock.webhook;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of bodies may be held at once, by all requests together. Threads: any.
public final class BodyBudget {
    private final long total;
    private final AtomicLong used = new AtomicLong();

    /// @param total in bytes; must be more than the largest body
    public BodyBudget(long total) {
        this.total = total;
    }

    /// Takes `bytes` if they are there; never waits.
    boolean take(long bytes) {
        long now = used.addAndGet(bytes);
        if (now > total) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /// How many bytes are held now.
    public long used() {
        return used.get();
    }
}
