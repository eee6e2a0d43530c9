package airlock.webhook;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of bodies may be held at once, by all requests together. The first
/// [#FIRST] bytes of a body have room of their own, so that a few large ones, which anybody may
/// send, never keep out the many small ones. Threads: any.
public final class BodyBudget {
    /// Most deliveries are no longer.
    static final int FIRST = 16 << 10;

    private final long firsts;
    private final long rest;
    private final AtomicLong firstsUsed = new AtomicLong();
    private final AtomicLong restUsed = new AtomicLong();

    /// @param bodies how many may be read at once; where that is no less than the connections
    ///     there may be, the beginning of each finds room
    /// @param rest in bytes, for what is longer; must be more than the largest body
    public BodyBudget(int bodies, long rest) {
        this.firsts = (long) bodies * FIRST;
        this.rest = rest;
    }

    /// Takes the room for a body's beginning if it is there; never waits.
    boolean takeFirst() {
        return take(firstsUsed, FIRST, firsts);
    }

    /// Takes room for what comes after it if it is there; never waits.
    boolean takeRest(long bytes) {
        return take(restUsed, bytes, rest);
    }

    private static boolean take(AtomicLong used, long bytes, long total) {
        if (used.addAndGet(bytes) > total) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveFirstBack() {
        firstsUsed.addAndGet(-FIRST);
    }

    void giveRestBack(long bytes) {
        restUsed.addAndGet(-bytes);
    }

    /// How many bytes are held now.
    public long used() {
        return firstsUsed.get() + restUsed.get();
    }
}
