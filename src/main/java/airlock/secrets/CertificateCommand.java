package airlock.secrets;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.text.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The operator's program that signs keys. Its environment is `PATH` alone, and its output is never
/// logged, since it may be a key.
///
/// @param argv the program's path, then its arguments
/// @param limit how long it may take
record CertificateCommand(List<String> argv, Duration limit) {
    private static final int MOST = 64 * 1024;
    private static final int SHOWN = 300;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    CertificateCommand(List<String> argv) {
        this(argv, LIMIT);
    }

    sealed interface Answer {
        /// Its answer.
        ///
        /// @param text its stdout
        record Said(String text) implements Answer {
            @Override
            public String toString() {
                return "Said[***]";
            }
        }

        /// No usable answer.
        ///
        /// @param why for people
        record Failed(String why) implements Answer {}
    }

    /// Runs it with `question` on its stdin.
    Answer ask(String question) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
        Process process;
        try {
            process = Program.of(argv).withOnly(Map.of("PATH", path)).start();
        } catch (IOException e) {
            return failed("could not be started: " + e.getMessage());
        }
        var output = reading(process.getInputStream());
        var errors = reading(process.getErrorStream());
        try {
            tell(process, question);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return failed("took longer than " + limit.toSeconds() + " s");
            }
            return answer(process.exitValue(), within(output), errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("was not waited for");
        } catch (ExecutionException | TimeoutException e) {
            return failed("could not be read: " + e.getMessage());
        } finally {
            Program.end(process);
        }
    }

    /// Checks the length before the exit code: a program whose output we stop reading may fail of
    /// that.
    private Answer answer(int code, byte[] output, CompletableFuture<byte[]> errors)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (output.length > MOST) {
            return failed("printed more than %,d bytes".formatted(MOST));
        }
        if (code != 0) {
            String why = new String(within(errors), StandardCharsets.UTF_8);
            return failed(
                    new Ending(argv.getFirst(), code, "").how() + ": " + SafeText.line(why, SHOWN));
        }
        return new Answer.Said(new String(output, StandardCharsets.UTF_8));
    }

    private static void tell(Process process, String question) {
        try (var to = process.getOutputStream()) {
            to.write(question.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it may answer without reading the question
        }
    }

    /// Reads up to one byte more than allowed.
    private static CompletableFuture<byte[]> reading(InputStream from) {
        var read = new CompletableFuture<byte[]>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (from) {
                                read.complete(from.readNBytes(MOST + 1));
                            } catch (IOException e) {
                                read.completeExceptionally(e);
                            }
                        });
        return read;
    }

    private byte[] within(CompletableFuture<byte[]> read)
            throws InterruptedException, ExecutionException, TimeoutException {
        return read.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Answer failed(String why) {
        return new Answer.Failed("the command for certificates, " + argv.getFirst() + ", " + why);
    }
}
