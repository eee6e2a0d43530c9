package airlock.uplink;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One stream of an uplink, seen from the host: one thread may take what the guest sends while
/// another one sends. What the guest sends waits here, never more than it was granted.
public final class UplinkStream {
    /// Bytes that the host may send before the guest has granted more, and to which the guest's
    /// window grows while what it sends is taken.
    static final int WINDOW = 256 << 10;

    /// Bytes that the guest may send before the host has granted more.
    static final int FIRST_WINDOW = 16 << 10;

    /// Bytes that are given as one piece, at most.
    static final int MOST_PIECE = 64 << 10;

    private static final Duration FOR_EVER = Duration.ofDays(1_000);

    private final int number;
    private final Consumer<Frame> frames;
    private final WindowGrowth growth;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> received = new ArrayDeque<>();

    /// How many bytes the guest may still send, and how many of those that it sent were taken since
    /// it was last granted more.
    private int granted = FIRST_WINDOW;

    private int taken;

    /// How many bytes of it may wait here.
    private int window = FIRST_WINDOW;

    /// How many bytes may be sent.
    private int credit = WINDOW;

    private boolean guestEnded;
    private boolean endTaken;
    private boolean hostEnded;
    private boolean broken;

    /// What is to be done when it breaks.
    private Runnable whenBroken = () -> {};

    /// @param frames where frames to the guest go
    /// @param growth has the bytes by which its window may grow
    UplinkStream(int number, Consumer<Frame> frames, WindowGrowth growth) {
        this.number = number;
        this.frames = frames;
        this.growth = growth;
    }

    /// What there is to take.
    public sealed interface Piece {
        /// What the guest sent next.
        record Bytes(byte[] bytes) implements Piece {}

        /// It sends no more.
        record Ended() implements Piece {}

        /// The stream is over; what was not taken is lost.
        record Broken() implements Piece {}
    }

    /// Waits for what the guest sends next, and lets it send as much again.
    public Piece take() throws InterruptedException {
        return take(FOR_EVER).orElseThrow();
    }

    /// The same, for some time: empty where nothing has come by then.
    public Optional<Piece> take(Duration patience) throws InterruptedException {
        int more = 0;
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (received.isEmpty() && !guestEnded && !broken) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            if (broken) {
                return Optional.of(new Piece.Broken());
            }
            if (received.isEmpty()) {
                endTaken = true;
                changed.signalAll();
                return Optional.of(new Piece.Ended());
            }
            byte[] piece = joined();
            more = granting(piece.length);
            return Optional.of(new Piece.Bytes(piece));
        } finally {
            lock.unlock();
            if (more > 0) {
                frames.accept(new Frame.Window(number, more));
            }
        }
    }

    /// What has come, as one piece where it is not much: who takes it writes it somewhere at once.
    private byte[] joined() {
        byte[] first = received.remove();
        byte[] next = received.peek();
        if (next == null || first.length + next.length > MOST_PIECE) {
            return first;
        }
        var all = new ByteArrayOutputStream(MOST_PIECE);
        all.writeBytes(first);
        for (; next != null && all.size() + next.length <= MOST_PIECE; next = received.peek()) {
            all.writeBytes(received.remove());
        }
        return all.toByteArray();
    }

    /// How much is to be granted after so much was taken: many small grants would be as many
    /// frames.
    private int granting(int bytes) {
        taken += bytes;
        if (taken < window / 2 || guestEnded) {
            return 0;
        }
        int wider = growth.take(Math.min(window, WINDOW - window));
        window += wider;
        int more = taken + wider;
        granted += more;
        taken = 0;
        return more;
    }

    /// Sends bytes, as the guest grants it.
    ///
    /// @return whether all went out; not, where the stream is over
    public boolean send(byte[] bytes, int offset, int length) throws InterruptedException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int piece = allowance(Math.min(end - at, Frame.MOST_DATA));
            if (piece == 0) {
                return false;
            }
            frames.accept(new Frame.Data(number, Arrays.copyOfRange(bytes, at, at + piece)));
            at += piece;
        }
        return true;
    }

    /// Waits until at least one byte may be sent; takes as many as there may be, 0 for a stream
    /// that is over.
    private int allowance(int most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (credit == 0 && !broken && !hostEnded) {
                changed.await();
            }
            if (broken || hostEnded) {
                return 0;
            }
            int piece = Math.min(most, credit);
            credit -= piece;
            return piece;
        } finally {
            lock.unlock();
        }
    }

    /// Sends no more.
    public void end() {
        if (changes(() -> !hostEnded, () -> hostEnded = true)) {
            frames.accept(new Frame.End(number));
        }
    }

    /// Ends both directions at once, unless they have ended.
    public void reset() {
        if (changes(() -> !(guestEnded && hostEnded), () -> broken = true)) {
            frames.accept(new Frame.Reset(number));
        }
    }

    /// Nobody takes anything of it any more: lets other streams have what its window has grown by.
    void leave() {
        lock.lock();
        try {
            received.clear();
            endTaken = true;
            changed.signalAll();
            growth.giveBack(window - FIRST_WINDOW);
            window = FIRST_WINDOW;
        } finally {
            lock.unlock();
        }
    }

    /// Whether neither side sends any more.
    boolean isOver() {
        lock.lock();
        try {
            return broken || (guestEnded && hostEnded);
        } finally {
            lock.unlock();
        }
    }

    /// Has `then` done, in whatever thread, as soon as this is broken; in place of what was to be
    /// done before.
    void whenBroken(Runnable then) {
        boolean already;
        lock.lock();
        try {
            already = broken;
            whenBroken = then;
        } finally {
            lock.unlock();
        }
        if (already) {
            then.run();
        }
    }

    /// Changes this where it is still whole and `may`; whether it did.
    private boolean changes(BooleanSupplier may, Runnable change) {
        Runnable next = () -> {};
        lock.lock();
        try {
            if (broken || !may.getAsBoolean()) {
                return false;
            }
            change.run();
            changed.signalAll();
            if (broken) {
                next = whenBroken;
            }
        } finally {
            lock.unlock();
        }
        next.run();
        return true;
    }

    /// What the guest sent.
    ///
    /// @return what is wrong with it; empty where nothing is
    Optional<String> data(byte[] bytes) {
        lock.lock();
        try {
            if (guestEnded) {
                return Optional.of("data after the end of stream " + number);
            }
            if (bytes.length > granted) {
                return Optional.of("more than was granted for stream " + number);
            }
            granted -= bytes.length;
            if (!broken) {
                received.add(bytes);
                changed.signalAll();
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// What the guest grants; the same.
    Optional<String> window(int bytes) {
        lock.lock();
        try {
            if (bytes > Frame.MOST_WINDOW - credit) {
                return Optional.of("a window of more than is allowed for stream " + number);
            }
            credit += bytes;
            changed.signalAll();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// The guest sends no more; the same.
    Optional<String> guestEnds() {
        lock.lock();
        try {
            if (guestEnded) {
                return Optional.of("a second end of stream " + number);
            }
            guestEnded = true;
            changed.signalAll();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// The guest, or the end of the uplink, ends it at once.
    void breaks() {
        changes(() -> true, () -> broken = true);
    }

    /// The port is closed: ends it at once, unless all that the guest sent is here.
    void portCloses() {
        changes(() -> !guestEnded, () -> broken = true);
    }

    /// Waits until the end that the guest sent was taken, with all before it.
    ///
    /// @param nanos how long at most
    void awaitEndTaken(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (guestEnded && !endTaken && !broken && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
