package airlock.run;

import airlock.base.FullDisk;
import airlock.store.DiskSpace;
import airlock.store.Signal;
import airlock.store.StoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds back new work while the disk has less free space than the reserve, so that current work
/// can finish. Work continues by itself when there is space again.
///
/// **Threads**: any.
public final class DiskSpaceGate {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpaceGate.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final DiskSpace room;
    private final long reserve;
    private final AtomicBoolean told = new AtomicBoolean();

    /// Never raised; only its timeout counts.
    private final Signal ticks = new Signal();

    /// @param reserve bytes that must be free
    public DiskSpaceGate(DiskSpace room, long reserve) {
        this.room = room;
        this.reserve = reserve;
    }

    public boolean isOpen() {
        boolean open = room.free() >= reserve;
        if (!open && told.compareAndSet(false, true)) {
            LOG.warn("nothing new is begun: {}", what());
        } else if (open && told.compareAndSet(true, false)) {
            LOG.info("there is room again, work goes on");
        }
        return open;
    }

    /// For people: why nothing begins; empty while the gate is open.
    public String shutBecause() {
        return isOpen() ? "" : "waits for room: " + what();
    }

    private String what() {
        return "the server's disk has less free than its reserve of %d MiB"
                .formatted(reserve >> 20);
    }

    public void await(BooleanSupplier over) throws InterruptedException {
        while (!isOpen() && !over.getAsBoolean()) {
            ticks.await(ticks.count(), LOOK);
        }
    }

    /// Whether a full disk may have caused `fault`, so that a later try may succeed.
    boolean mayHaveCaused(Throwable fault) {
        return !isOpen() || fault instanceof StoreException || FullDisk.isCauseOf(fault);
    }
}
