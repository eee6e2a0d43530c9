package airlock.run;

import airlock.store.Bell;
import airlock.store.StoreException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what must not be lost, again and again while the state can't be written: a claim whose
/// end is not recorded would stay claimed as long as its server lives.
final class Insisting {
    private static final Logger LOG = LoggerFactory.getLogger(Insisting.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// Never rung: nobody knows when it will work.
    private final Bell ticks = new Bell();

    /// What `write` gives, once it does not fail.
    <T> T on(Supplier<T> write) throws InterruptedException {
        while (true) {
            try {
                return write.get();
            } catch (StoreException e) {
                LOG.warn("trying again: {}", e.getMessage());
                ticks.await(ticks.count(), PAUSE);
            }
        }
    }
}
