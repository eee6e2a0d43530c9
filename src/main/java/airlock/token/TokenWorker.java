package airlock.token;

import airlock.base.Trees;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's side of one token's process.
final class TokenWorker {
    private static final Logger LOG = LoggerFactory.getLogger(TokenWorker.class);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration KILLED = Duration.ofSeconds(10);
    private static final int LONGEST_COMPLAINT = 300;

    /// Of `sun_path` in unix(7), without the zero at its end.
    private static final int LONGEST_SOCKET = 107;

    private final Path home;
    private final Process process;
    private final CompletableFuture<Path> ready = new CompletableFuture<>();
    private final CompletableFuture<String> complaints = new CompletableFuture<>();

    private TokenWorker(Path home, Process process) {
        this.home = home;
        this.process = process;
    }

    /// Starts a process, which waits for its order.
    static TokenWorker start(TokenOrder order, TokenJvm jvm, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path home = Files.createTempDirectory(directory.toAbsolutePath(), "t");
        try {
            checkLength(home.resolve(TokenProcess.SOCKET));
            return new TokenWorker(home, jvm.start(home));
        } catch (IOException e) {
            remove(home);
            throw new IOException(
                    "the process for the token %s could not be started (it takes prlimit of util-linux and %s): %s"
                            .formatted(order.name(), jvm.own().java(), e.getMessage()),
                    e);
        }
    }

    /// Gives it its order.
    ///
    /// @param heard has each message, from one thread
    /// @param ended hears how it ended, once, after all messages
    void order(TokenOrder order, Consumer<Message> heard, Consumer<String> ended) {
        Thread.ofVirtual().name("token-complaints").start(this::listen);
        Thread.ofVirtual().name("token-" + pid()).start(() -> converse(order, heard, ended));
    }

    private static void checkLength(Path socket) throws IOException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET) {
            throw new IOException(
                    "the path of a socket may have %d bytes, and %s has %d; take a state directory with a shorter path"
                            .formatted(LONGEST_SOCKET, socket, length));
        }
    }

    long pid() {
        return process.pid();
    }

    private void converse(TokenOrder order, Consumer<Message> heard, Consumer<String> ended) {
        try {
            OrderCodec.write(new DataOutputStream(process.getOutputStream()), order);
            var in = new DataInputStream(process.getInputStream());
            while (true) {
                Message message = Message.read(in);
                if (message instanceof Message.Ready) {
                    ready.complete(home.resolve(TokenProcess.SOCKET));
                }
                heard.accept(message);
            }
        } catch (IOException e) {
            kill();
            ready.completeExceptionally(e);
            ended.accept(end());
        }
    }

    private String end() {
        try {
            int code = process.waitFor();
            return "code %d %s".formatted(code, complaints.join()).strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private void listen() {
        try (InputStream errors = process.getErrorStream()) {
            String text = new String(errors.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
            errors.transferTo(OutputStream.nullOutputStream());
            complaints.complete(text);
        } catch (IOException _) {
            complaints.complete("");
        }
    }

    /// Where it listens, as soon as it does; empty where it has ended, or does not get ready.
    Optional<Path> socket() throws InterruptedException {
        try {
            return Optional.of(ready.get(START.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Optional.empty();
        }
    }

    /// Ends the process, whatever it does, without waiting.
    void kill() {
        List<ProcessHandle> inside = process.descendants().toList();
        inside.forEach(ProcessHandle::destroyForcibly);
        if (inside.isEmpty()) {
            process.destroyForcibly();
        }
    }

    /// Ends it and removes its home. The process of the walls ends after those in them.
    void close() {
        kill();
        try {
            if (!process.waitFor(KILLED.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(home);
    }

    static void removeHomes(Path directory) {
        try (Stream<Path> homes = Files.exists(directory) ? Files.list(directory) : Stream.of()) {
            homes.forEach(TokenWorker::remove);
        } catch (IOException e) {
            LOG.warn("the homes of former tokens' processes in {} stay", directory, e);
        }
    }

    private static void remove(Path home) {
        try {
            Trees.remove(home);
        } catch (IOException e) {
            LOG.warn("the home {} of a token's process stays", home, e);
        }
    }
}
