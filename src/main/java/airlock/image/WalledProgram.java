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

/// Watches a program in a sandbox while it writes files.
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
    /// @param mostOut the bytes of stdout to read
    WalledProgram(String name, Process process, int mostOut) {
        this.name = name;
        this.process = process;
        this.out = reading(process.getInputStream(), mostOut);
        this.errors = Tail.reading(process.getErrorStream(), SHOWN);
    }

    @FunctionalInterface
    interface Written {
        long bytes();
    }

    long seen() {
        return seen;
    }

    /// Waits until it ends, and kills it on failure.
    ///
    /// @param most bytes that it may write
    /// @param silent begins the message if it writes nothing for five minutes
    void await(Written written, long most, String silent) throws IOException, InterruptedException {
        long last = System.nanoTime();
        try {
            process.getOutputStream().close();
            while (!process.waitFor(LOOK, TimeUnit.MILLISECONDS)) {
                long there = Math.max(seen, written.bytes());
                if (there > most) {
                    throw new ImageException(
                            name + " wrote more than the expected " + most + " bytes");
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

    /// Waits until it ends, without limits; for programs that do not use the network.
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

    byte[] out() {
        return out.join();
    }

    /// @throws ImageException that begins with `failure` if it failed
    void checkEnd(String failure) throws InterruptedException {
        var ending = new Ending(name, process.exitValue(), errors.textWithin(DRAIN));
        if (!ending.passed()) {
            throw new ImageException(failure + ": " + ending.words());
        }
    }

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
                                // the program was killed
                            } finally {
                                all.complete(kept.toByteArray());
                            }
                        });
        return all;
    }
}
