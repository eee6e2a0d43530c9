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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program of the operator's that signs keys. It has nothing of the server's environment but
/// `PATH`, and what it prints is never logged: it may be a key.
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

    /// What it answered.
    sealed interface Answer {
        /// This, on stdout.
        record Said(String text) implements Answer {
            @Override
            public String toString() {
                return "Said[***]";
            }
        }

        /// Nothing that counts.
        ///
        /// @param why for people
        record Failed(String why) implements Answer {}
    }

    /// Starts it, gives it `question` on stdin and waits for its end.
    Answer ask(String question) {
        String path = System.getenv("PATH");
        var program =
                Program.of(argv).withOnly(Map.of("PATH", path == null ? "/usr/bin:/bin" : path));
        Process process;
        try {
            process = program.start();
        } catch (IOException e) {
            return failed("could not be started: " + e.getMessage());
        }
        var said = reading(process.getInputStream());
        var complained = reading(process.getErrorStream());
        try {
            tell(process, question);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return failed("took longer than " + limit.toSeconds() + " s");
            }
            return answer(process.exitValue(), within(said), complained);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("was not waited for");
        } catch (ExecutionException | TimeoutException e) {
            return failed("could not be read: " + e.getMessage());
        } finally {
            Program.end(process);
        }
    }

    /// Its size counts before its exit code: who prints too much is cut off, and may end by that.
    private Answer answer(int code, byte[] text, CompletableFuture<byte[]> complained)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (text.length > MOST) {
            return failed("printed more than %,d bytes".formatted(MOST));
        }
        if (code != 0) {
            String why = new String(within(complained), StandardCharsets.UTF_8);
            return failed(
                    new Ending(argv.getFirst(), code, "").how() + ": " + SafeText.line(why, SHOWN));
        }
        return new Answer.Said(new String(text, StandardCharsets.UTF_8));
    }

    /// One that does not want to hear the question may answer all the same.
    private static void tell(Process process, String question) {
        try (var to = process.getOutputStream()) {
            to.write(question.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it ended or closed its stdin; what it prints counts
        }
    }

    /// Reads one byte more than may be, then takes no more.
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
