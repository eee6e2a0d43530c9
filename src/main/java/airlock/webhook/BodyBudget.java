package airlock.webhook;

import java.util.concurrent.atomic.AtomicLong;

/// Limits how many bytes of bodies all requests together may hold. The first [#FIRST] bytes of a
/// body have a budget of their own, so a few large bodies, which anyone may send, never keep out
/// the many small ones. Threads: any.
final class BodyBudget {
    /// Most deliveries are shorter.
    static final int FIRST = 16 << 10;

    private final long firsts;
    private final long rest;
    private final AtomicLong firstsUsed = new AtomicLong();
    private final AtomicLong restUsed = new AtomicLong();

    /// @param bodies how many may be read at once; if at least as many as connections are allowed,
    ///     the beginning of every body fits
    /// @param rest in bytes, for longer bodies; must be more than the largest body
    BodyBudget(int bodies, long rest) {
        this.firsts = (long) bodies * FIRST;
        this.rest = rest;
    }

    /// Reserves the first [#FIRST] bytes of a body if they fit; never waits.
    boolean takeFirst() {
        return take(firstsUsed, FIRST, firsts);
    }

    /// Reserves further `bytes` if they fit; never waits.
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

    /// Releases a body's first bytes and `rest` further ones.
    void giveBack(long restBytes) {
        firstsUsed.addAndGet(-FIRST);
        restUsed.addAndGet(-restBytes);
    }

    /// Bytes reserved now.
    long used() {
        return firstsUsed.get() + restUsed.get();
    }
}
