package airlock.sandbox;

import airlock.base.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A JVM that works for the server in a sandbox: it writes only its home and exchanges records with
/// the server. When the server ends, so does the child's standard input, and the child halts.
public final class ChildJvm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChildJvm.class);
    private static final int LONGEST_COMPLAINT = 4096;
    private static final Duration KILLED = Duration.ofSeconds(10);

    private final Path home;
    private final Process process;
    private final RecordStream records;
    private final CompletableFuture<String> complaint = new CompletableFuture<>();

    private ChildJvm(Path home, Process process) {
        this.home = home;
        this.process = process;
        this.records = new RecordStream(process.getInputStream(), process.getOutputStream());
        Thread.ofVirtual().name("complaints-" + process.pid()).start(this::listen);
    }

    /// How a child ended.
    ///
    /// @param complaint the beginning of its standard error
    public record Ended(int code, String complaint) {}

    /// Starts a child in a new home.
    ///
    /// @param homes the directory of all homes; made if it is missing
    /// @param prefix of the home's name
    /// @param arguments for the main class, after the home
    public static ChildJvm start(JvmSpec spec, Path homes, String prefix, String... arguments)
            throws IOException {
        Files.createDirectories(homes);
        Path home = Files.createTempDirectory(homes, prefix);
        try {
            return new ChildJvm(home, spec.start(home, arguments));
        } catch (IOException e) {
            remove(home);
            throw e;
        }
    }

    private void listen() {
        try (InputStream errors = process.getErrorStream()) {
            String text = new String(errors.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
            errors.transferTo(OutputStream.nullOutputStream());
            complaint.complete(text);
        } catch (IOException _) {
            complaint.complete("(its standard error could not be read)");
        }
    }

    /// The only directory that it writes.
    public Path home() {
        return home;
    }

    /// Its standard input and output.
    public RecordStream records() {
        return records;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /// Waits for its end, at most for `limit`.
    public boolean endsWithin(Duration limit) throws InterruptedException {
        return process.waitFor(limit);
    }

    public Ended ended() throws InterruptedException {
        return new Ended(process.waitFor(), complaint.join());
    }

    /// Kills it without waiting. The walls' own process ends after those inside, which may write
    /// until then, so it is killed only if it is alone.
    public void kill() {
        List<ProcessHandle> inside = process.descendants().toList();
        inside.forEach(ProcessHandle::destroyForcibly);
        if (inside.isEmpty()) {
            process.destroyForcibly();
        }
    }

    /// Kills it and waits until nothing of it is left.
    public void end() throws InterruptedException {
        kill();
        if (!process.waitFor(KILLED)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /// Kills it, waits and removes its home.
    @Override
    public void close() {
        try {
            end();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(home);
    }

    /// Removes the homes that a killed server left; their processes ended with it.
    public static void removeHomes(Path homes) {
        try (Stream<Path> all = Files.exists(homes) ? Files.list(homes) : Stream.of()) {
            all.forEach(ChildJvm::remove);
        } catch (IOException e) {
            LOG.warn("cannot remove the homes of former processes in {}", homes, e);
        }
    }

    private static void remove(Path home) {
        try {
            Trees.remove(home);
        } catch (IOException e) {
            LOG.warn("cannot remove the home {} of a process", home, e);
        }
    }
}
