package airlock.run;

import airlock.base.FullDisk;
import airlock.store.Bell;
import airlock.store.Room;
import airlock.store.StoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps new work from beginning while the disk has less free room than the reserve, so that what
/// has begun can end. What waits goes on by itself when there is room again.
///
/// **Threads**: any.
public final class RoomGate {
    private static final Logger LOG = LoggerFactory.getLogger(RoomGate.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Room room;
    private final long reserve;
    private final AtomicBoolean told = new AtomicBoolean();

    /// Never rung: a disk does not ring.
    private final Bell ticks = new Bell();

    /// @param reserve bytes that must be free
    public RoomGate(Room room, long reserve) {
        this.room = room;
        this.reserve = reserve;
    }

    /// Whether there is room to begin something.
    public boolean isOpen() {
        boolean open = room.free() >= reserve;
        if (!open && told.compareAndSet(false, true)) {
            LOG.warn("nothing new is begun: {}", what());
        } else if (open && told.compareAndSet(true, false)) {
            LOG.info("there is room again, work goes on");
        }
        return open;
    }

    /// Why nothing is begun, for people; empty while the gate is open.
    public String shutBecause() {
        return isOpen() ? "" : "waits for room: " + what();
    }

    private String what() {
        return "the server's disk has less free than its reserve of %d MiB"
                .formatted(reserve >> 20);
    }

    /// Waits until there is room, or `over` says that nobody wants it any more.
    public void await(BooleanSupplier over) throws InterruptedException {
        while (!isOpen() && !over.getAsBoolean()) {
            ticks.await(ticks.count(), LOOK);
        }
    }

    /// Whether `fault` may come of a full disk, so that trying again later may do.
    boolean mayHaveCaused(Throwable fault) {
        return !isOpen() || fault instanceof StoreException || FullDisk.isCauseOf(fault);
    }
}
