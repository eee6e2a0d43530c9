package airlock.image;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.program.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program in walls, watched while it writes a file or several.
final class WalledProgram {
    private static final int SHOWN = 4096;
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final long LOOK = 500;
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final String name;
    private final Process process;
    private final CompletableFuture<byte[]> out;
    private final Tail errors;
    private long seen;

    /// @param name of the program, for people
    /// @param mostOut so many bytes of stdout are read, and no more
    WalledProgram(String name, Process process, int mostOut) {
        this.name = name;
        this.process = process;
        this.out = reading(process.getInputStream(), mostOut);
        this.errors = Tail.reading(process.getErrorStream(), SHOWN);
    }

    /// How many bytes are there.
    @FunctionalInterface
    interface Written {
        long bytes();
    }

    /// How many there were when it was looked last.
    long seen() {
        return seen;
    }

    /// Waits for its end; it ends in any case.
    ///
    /// @param most bytes that it may write
    /// @param silent what it means that nothing comes for five minutes, for people
    void await(Written written, long most, String silent) throws IOException, InterruptedException {
        long last = System.nanoTime();
        try {
            process.getOutputStream().close();
            while (!process.waitFor(LOOK, TimeUnit.MILLISECONDS)) {
                long there = Math.max(seen, written.bytes());
                if (there > most) {
                    throw new ImageException(
                            "what comes is more than the " + most + " bytes that there can be");
                }
                if (there > seen) {
                    last = System.nanoTime();
                }
                if (System.nanoTime() - last > SILENCE.toNanos()) {
                    throw new ImageException(silent + " for " + SILENCE.toMinutes() + " minutes");
                }
                seen = there;
            }
        } finally {
            end();
        }
    }

    /// Waits for one that reads nobody's network; it ends in any case.
    void await() throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } finally {
            end();
        }
    }

    private void end() throws InterruptedException {
        Program.end(process);
        process.waitFor();
    }

    /// What it wrote to stdout.
    byte[] out() {
        return out.join();
    }

    /// @param failure what can't be done if it has failed
    void checkEnd(String failure) throws InterruptedException {
        var ending = new Ending(name, process.exitValue(), errors.textWithin(DRAIN));
        if (!ending.passed()) {
            throw new ImageException(failure + ": " + ending.words());
        }
    }

    /// The first of it; the rest stays unread.
    private static CompletableFuture<byte[]> reading(InputStream in, int most) {
        var all = new CompletableFuture<byte[]>();
        Thread.ofVirtual()
                .name("walled-program")
                .start(
                        () -> {
                            var kept = new ByteArrayOutputStream();
                            try (in) {
                                kept.write(in.readNBytes(most));
                            } catch (IOException _) {
                                // it was ended
                            } finally {
                                all.complete(kept.toByteArray());
                            }
                        });
        return all;
    }
}
