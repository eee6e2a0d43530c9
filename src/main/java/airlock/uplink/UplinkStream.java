package airlock.uplink;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The host's end of one stream of an uplink: one thread may take the guest's bytes while another
/// sends. Holds no more bytes of the guest than were granted.
public final class UplinkStream {
    /// Bytes that the host may send before the guest has granted more. The guest's window may grow
    /// to the same size.
    static final int WINDOW = 256 << 10;

    /// Bytes that the guest may send before the host has granted more.
    static final int FIRST_WINDOW = 16 << 10;

    static final int MOST_PIECE = 64 << 10;

    private static final Duration FOR_EVER = Duration.ofDays(1_000);

    private final int number;
    private final Consumer<Frame> frames;
    private final WindowGrowth growth;
    private final Deque<byte[]> received = new ArrayDeque<>();

    /// Bytes that the guest may still send.
    private int granted = FIRST_WINDOW;

    /// Bytes taken since the last grant.
    private int taken;

    /// Most bytes of the guest that may wait here.
    private int window = FIRST_WINDOW;

    /// Bytes that the host may still send.
    private int credit = WINDOW;

    private boolean guestEnded;
    private boolean endTaken;
    private boolean hostEnded;
    private boolean broken;
    private Runnable whenBroken = () -> {};

    /// @param frames takes frames to the guest; never called with this stream's lock held
    /// @param growth the bytes by which the window may grow
    UplinkStream(int number, Consumer<Frame> frames, WindowGrowth growth) {
        this.number = number;
        this.frames = frames;
        this.growth = growth;
    }

    public sealed interface Piece {
        record Bytes(byte[] bytes) implements Piece {}

        record Ended() implements Piece {}

        /// The stream is over; bytes that were not taken are lost.
        record Broken() implements Piece {}
    }

    /// Waits for the guest's next bytes, and grants as many again.
    public Piece take() throws InterruptedException {
        return take(FOR_EVER).orElseThrow();
    }

    /// As [#take()], but returns empty if nothing comes in time.
    public Optional<Piece> take(Duration patience) throws InterruptedException {
        byte[] piece;
        int more;
        synchronized (this) {
            long until = System.nanoTime() + patience.toNanos();
            while (received.isEmpty() && !guestEnded && !broken) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            if (broken) {
                return Optional.of(new Piece.Broken());
            }
            if (received.isEmpty()) {
                endTaken = true;
                notifyAll();
                return Optional.of(new Piece.Ended());
            }
            piece = joined();
            more = granting(piece.length);
        }
        if (more > 0) {
            frames.accept(new Frame.Window(number, more));
        }
        return Optional.of(new Piece.Bytes(piece));
    }

    /// Joins small pieces, so that they are written in one go.
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

    /// How much to grant after that many bytes were taken: nothing until half of the window is
    /// taken, since each grant is a frame.
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

    /// Sends bytes as the guest grants them.
    ///
    /// @return false if the stream was over before all were sent
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

    /// Waits until bytes may be sent, and takes up to `most` of them; 0 if the stream is over.
    private synchronized int allowance(int most) throws InterruptedException {
        while (credit == 0 && !broken && !hostEnded) {
            wait();
        }
        if (broken || hostEnded) {
            return 0;
        }
        int piece = Math.min(most, credit);
        credit -= piece;
        return piece;
    }

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

    /// Its server has gone: gives the growth of its window back to other streams.
    synchronized void leave() {
        received.clear();
        endTaken = true;
        notifyAll();
        growth.giveBack(window - FIRST_WINDOW);
        window = FIRST_WINDOW;
    }

    /// Runs `then`, in any thread, as soon as this is broken; replaces an earlier `then`.
    void whenBroken(Runnable then) {
        boolean already;
        synchronized (this) {
            already = broken;
            whenBroken = then;
        }
        if (already) {
            then.run();
        }
    }

    /// Changes this unless it is broken or `may` forbids it; returns whether it did.
    private boolean changes(BooleanSupplier may, Runnable change) {
        Runnable next;
        synchronized (this) {
            if (broken || !may.getAsBoolean()) {
                return false;
            }
            change.run();
            notifyAll();
            next = broken ? whenBroken : () -> {};
        }
        next.run();
        return true;
    }

    synchronized void data(byte[] bytes) throws ProtocolException {
        if (guestEnded) {
            throw new ProtocolException("data after the end of stream " + number);
        }
        if (bytes.length > granted) {
            throw new ProtocolException("more than was granted for stream " + number);
        }
        granted -= bytes.length;
        if (!broken) {
            received.add(bytes);
            notifyAll();
        }
    }

    synchronized void window(int bytes) throws ProtocolException {
        if (bytes > Frame.MOST_WINDOW - credit) {
            throw new ProtocolException("a window of more than is allowed for stream " + number);
        }
        credit += bytes;
        notifyAll();
    }

    synchronized void guestEnds() throws ProtocolException {
        if (guestEnded) {
            throw new ProtocolException("a second end of stream " + number);
        }
        guestEnded = true;
        notifyAll();
    }

    /// The guest, or the end of the uplink, ends it at once.
    void breaks() {
        changes(() -> true, () -> broken = true);
    }

    /// The port is closed: ends it at once, unless all bytes of the guest are here.
    void portCloses() {
        changes(() -> !guestEnded, () -> broken = true);
    }

    /// Waits until the guest's end and all bytes before it were taken.
    ///
    /// @param nanos the longest wait
    synchronized void awaitEndTaken(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        while (guestEnded && !endTaken && !broken && until - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
        }
    }

    /// The bytes by which the windows of one guest's streams may grow together. Threads: any.
    static final class WindowGrowth {
        private final AtomicInteger left;

        WindowGrowth(int bytes) {
            this.left = new AtomicInteger(bytes);
        }

        /// Takes `most` bytes, or as many as are left.
        int take(int most) {
            int before = left.getAndUpdate(now -> now - Math.min(now, most));
            return Math.min(before, most);
        }

        void giveBack(int bytes) {
            left.addAndGet(bytes);
        }
    }
}
