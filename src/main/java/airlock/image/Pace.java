package airlock.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Reports the progress, speed and remaining time of a long step, every two seconds.
final class Pace {
    private static final long EVERY = Duration.ofSeconds(2).toNanos();
    private static final double SECOND = Duration.ofSeconds(1).toNanos();
    private static final double MIB = 1 << 20;

    private final String what;
    private final long all;
    private final Consumer<String> progress;
    private final LongSupplier nanos;
    private final long begin;
    private long told;
    private long done;

    /// @param what the step, for people
    /// @param all its bytes
    /// @param nanos a monotonic clock
    Pace(String what, long all, Consumer<String> progress, LongSupplier nanos) {
        this.what = what;
        this.all = all;
        this.progress = progress;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        this.told = begin;
    }

    /// For reading a whole file.
    static Pace of(Path file, String what, Consumer<String> progress) {
        try {
            return new Pace(what, Files.size(file), progress, System::nanoTime);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void add(long bytes) {
        done += bytes;
        long now = nanos.getAsLong();
        if (now - told < EVERY) {
            return;
        }
        told = now;
        double rate = done / ((now - begin) / SECOND);
        progress.accept(
                String.format(
                        Locale.ROOT,
                        "%s: %.0f of %.0f MiB, %.0f MiB/s, %.0f s left",
                        what,
                        done / MIB,
                        all / MIB,
                        rate / MIB,
                        Math.max(0, all - done) / rate));
    }
}
