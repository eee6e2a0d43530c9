package airlock.run;

import airlock.store.Bell;
import airlock.store.StoreException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats writes to the database until they succeed: a claim whose end is not recorded would stay
/// claimed as long as its server lives.
final class RetryingWriter {
    private static final Logger LOG = LoggerFactory.getLogger(RetryingWriter.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// Never rung; only its timeout counts.
    private final Bell ticks = new Bell();

    <T> T write(Supplier<T> write) throws InterruptedException {
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
