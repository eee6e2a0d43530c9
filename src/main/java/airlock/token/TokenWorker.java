package airlock.token;

import airlock.sandbox.ChildJvm;
import airlock.sandbox.JvmSpec;
import airlock.sandbox.OwnJvm;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// The server's side of one token's process.
final class TokenWorker {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration CPU_TIME = Duration.ofHours(4);
    private static final long HEAP = 64L << 20;
    private static final long ADDRESS_SPACE = 4L << 30;

    /// Of `sun_path` in unix(7), without the zero at its end.
    private static final int LONGEST_SOCKET = 107;

    /// A home's name has `t` and at most 20 digits.
    private static final int LONGEST_HOMES =
            LONGEST_SOCKET - "/t12345678901234567890/".length() - TokenProcess.SOCKET.length();

    private final ChildJvm child;
    private final CompletableFuture<Path> ready = new CompletableFuture<>();

    private TokenWorker(ChildJvm child) {
        this.child = child;
    }

    /// Starts a process, which waits for its order.
    static TokenWorker start(TokenOrder order, Sandbox sandbox, Path homes) throws IOException {
        try {
            checkLength(homes.toAbsolutePath());
            return new TokenWorker(ChildJvm.start(spec(sandbox), homes.toAbsolutePath(), "t"));
        } catch (IOException e) {
            throw new IOException(
                    "the process for the token %s: %s".formatted(order.name(), e.getMessage()), e);
        }
    }

    private static JvmSpec spec(Sandbox sandbox) {
        List<String> limits =
                List.of(
                        "prlimit",
                        // one byte rather than none: only then does the kernel hand no memory to a
                        // program that collects dumps (core(5), do_coredump)
                        "--core=1",
                        "--cpu=" + CPU_TIME.toSeconds(),
                        "--fsize=0",
                        "--nofile=1024",
                        "--as=" + ADDRESS_SPACE);
        List<String> options =
                List.of(
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:MaxMetaspaceSize=96m",
                        "-XX:CompressedClassSpaceSize=32m",
                        "-XX:ReservedCodeCacheSize=48m",
                        // keeps its memory from other processes and out of files
                        "-XX:+DisableAttachMechanism",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=/dev/null");
        return new JvmSpec(OwnJvm.running(), TokenProcess.class, HEAP, limits, options, sandbox);
    }

    private static void checkLength(Path homes) throws IOException {
        int length = homes.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_HOMES) {
            throw new IOException(
                    "%s is %d bytes long; at most %d leave room for a socket in it: take a state directory with a shorter path"
                            .formatted(homes, length, LONGEST_HOMES));
        }
    }

    ChildJvm child() {
        return child;
    }

    /// Gives it its order.
    ///
    /// @param heard has each message, from one thread
    /// @param ended hears how it ended, once, after all messages
    void order(TokenOrder order, Consumer<Message> heard, Consumer<String> ended) {
        Thread.ofVirtual().name("token-" + child.pid()).start(() -> converse(order, heard, ended));
    }

    private void converse(TokenOrder order, Consumer<Message> heard, Consumer<String> ended) {
        try {
            child.records().write(order);
            while (true) {
                Message message = child.records().read(Message.class);
                if (message instanceof Message.Ready) {
                    ready.complete(child.home().resolve(TokenProcess.SOCKET));
                }
                heard.accept(message);
            }
        } catch (IOException e) {
            child.kill();
            ready.completeExceptionally(e);
            ended.accept(end());
        }
    }

    private String end() {
        try {
            var ended = child.ended();
            return "code %d %s".formatted(ended.code(), ended.complaint()).strip();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /// Its socket, as soon as it listens; empty if it has ended or does not get ready.
    Optional<Path> socket() throws InterruptedException {
        try {
            return Optional.of(ready.get(START.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Optional.empty();
        }
    }
}
