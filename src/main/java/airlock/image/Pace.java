package airlock.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Tells how far a long step is, how fast and how long it will still take: a line every two
/// seconds, none for what is done sooner.
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

    /// @param what is done, for people
    /// @param all bytes there are to do
    /// @param nanos a clock that only goes forward
    Pace(String what, long all, Consumer<String> progress, LongSupplier nanos) {
        this.what = what;
        this.all = all;
        this.progress = progress;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        this.told = begin;
    }

    /// Of reading the file from its beginning to its end.
    static Pace of(Path file, String what, Consumer<String> progress) {
        try {
            return new Pace(what, Files.size(file), progress, System::nanoTime);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static Pace unheard() {
        return new Pace("", 0, _ -> {}, () -> 0);
    }

    /// So many bytes more are done.
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
