package airlock.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program in walls, watched while it writes a file or several.
final class WalledProgram {
    private static final int SHOWN = 2000;
    private static final long LOOK = 500;
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final Process process;
    private final CompletableFuture<byte[]> out;
    private final CompletableFuture<byte[]> errors;
    private long seen;

    /// @param mostOut so many bytes of stdout are read, and no more
    WalledProgram(Process process, int mostOut) {
        this.process = process;
        this.out = reading(process.getInputStream(), mostOut, false);
        this.errors = reading(process.getErrorStream(), SHOWN, true);
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
        var all = process.descendants().toList();
        if (process.isAlive()) {
            // not after its own end: Java then closes pipes that are not read to their end yet
            process.destroyForcibly();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /// What it wrote to stdout.
    byte[] out() {
        return out.join();
    }

    /// @param failure what is said where it has failed
    void checkEnd(String failure) {
        if (process.exitValue() != 0) {
            String text = new String(errors.join(), StandardCharsets.UTF_8).strip();
            throw new ImageException(
                    "%s, code %d: %s"
                            .formatted(
                                    failure,
                                    process.exitValue(),
                                    text.replaceAll("[\\p{Cntrl}&&[^\\n]]", "?")));
        }
    }

    /// The first of it.
    ///
    /// @param drains whether the rest is read and forgotten, else nobody reads it
    static CompletableFuture<byte[]> reading(InputStream in, int most, boolean drains) {
        var all = new CompletableFuture<byte[]>();
        Thread.ofVirtual()
                .name("walled-program")
                .start(
                        () -> {
                            var kept = new ByteArrayOutputStream();
                            try (in) {
                                kept.write(in.readNBytes(most));
                                if (drains) {
                                    in.transferTo(OutputStream.nullOutputStream());
                                }
                            } catch (IOException _) {
                                // it was ended
                            } finally {
                                all.complete(kept.toByteArray());
                            }
                        });
        return all;
    }
}
