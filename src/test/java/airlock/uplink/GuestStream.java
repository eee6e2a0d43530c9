package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import airlock.uplink.UplinkStream.WindowGrowth;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A guest's end of one stream, without the port between it and the host's.
public final class GuestStream {
    /// Bytes that a guest may send before the host takes any.
    public static final int WINDOW = UplinkStream.FIRST_WINDOW;

    private static final int PATIENCE = 20;

    private final Semaphore credit = new Semaphore(WINDOW);
    private final BlockingQueue<Optional<byte[]>> heard = new LinkedBlockingQueue<>();
    private final UplinkStream host = new UplinkStream(1, this::hears, new WindowGrowth(0));
    private volatile boolean isOver;
    private volatile boolean wasReset;

    /// The host's end.
    public UplinkStream host() {
        return host;
    }

    /// Whether the host has ended it by a reset.
    public boolean wasReset() {
        return wasReset;
    }

    /// Sends bytes as the host grants them.
    ///
    /// @return whether the host still listens
    public boolean say(byte[] bytes) throws InterruptedException {
        for (int at = 0; at < bytes.length && !isOver; ) {
            // like the guest program, sends as much as is granted by now
            assertThat(credit.tryAcquire(PATIENCE, TimeUnit.SECONDS)).isTrue();
            int more = Math.min(bytes.length - at, Frame.MOST_DATA) - 1;
            int piece = 1 + drained(more);
            if (!isOver) {
                byte[] next = Arrays.copyOfRange(bytes, at, at + piece);
                assertThatCode(() -> host.data(next)).doesNotThrowAnyException();
            }
            at += piece;
        }
        return !isOver;
    }

    /// Takes up to `most` bytes of credit without waiting.
    private int drained(int most) {
        int there = Math.min(most, credit.availablePermits());
        return credit.tryAcquire(there) ? there : 0;
    }

    /// Ends the guest's direction.
    public void end() {
        assertThatCode(host::guestEnds).doesNotThrowAnyException();
    }

    /// Waits for the host's next bytes; empty at its end.
    public Optional<byte[]> hear() throws InterruptedException {
        var piece = heard.poll(PATIENCE, TimeUnit.SECONDS);
        assertThat(piece).as("what the host says").isNotNull();
        return piece;
    }

    private void hears(Frame frame) {
        switch (frame) {
            case Frame.Data(_, byte[] bytes) -> {
                heard.add(Optional.of(bytes));
                assertThatCode(() -> host.window(bytes.length)).doesNotThrowAnyException();
            }
            case Frame.Window(_, int more) -> credit.release(more);
            case Frame.End _ -> ends(false);
            case Frame.Reset _ -> ends(true);
            case Frame.Hello _, Frame.Open _, Frame.Opened _, Frame.Refused _ ->
                    throw new AssertionError(frame);
        }
    }

    private void ends(boolean byReset) {
        wasReset = byReset;
        isOver = true;
        heard.add(Optional.empty());
        credit.release(Frame.MOST_WINDOW);
    }
}
