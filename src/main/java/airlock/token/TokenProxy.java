package airlock.token;

import airlock.egress.Connection;
import airlock.sandbox.ChildJvm;
import airlock.sandbox.JvmSpec;
import airlock.sandbox.JvmSpec.OwnJvm;
import airlock.sandbox.Sandbox;
import airlock.text.SafeText;
import airlock.token.TokenProcess.Message;
import airlock.uplink.Splice;
import airlock.uplink.UplinkStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// One token for one phase: passes streams of plain HTTP to a process that has the token and
/// nothing else. The process is started here and ends with this, or with the server.
public final class TokenProxy implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration CPU_TIME = Duration.ofHours(4);
    private static final long HEAP = 64L << 20;
    private static final long ADDRESS_SPACE = 4L << 30;

    /// Of `sun_path` in unix(7), without the zero at its end.
    private static final int LONGEST_SOCKET = 107;

    /// A home's name has `t` and at most 20 digits.
    private static final int LONGEST_HOMES =
            LONGEST_SOCKET - "/t12345678901234567890/".length() - TokenProcess.SOCKET.length();

    private static final int MOST_STREAMS = 64;
    private static final int MOST_LINES = 1_000;
    private static final String CLOSED = "was ended: the phase is over";

    private final TokenOrder order;
    private final ChildJvm child;
    private final Consumer<String> notes;
    private final Consumer<String> leaked;
    private final Set<UplinkStream> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Path> ready = new CompletableFuture<>();
    private final AtomicInteger lines = new AtomicInteger();
    private volatile Optional<String> over = Optional.empty();

    private TokenProxy(
            TokenOrder order, ChildJvm child, Consumer<String> notes, Consumer<String> leaked) {
        this.order = order;
        this.child = child;
        this.notes = notes;
        this.leaked = leaked;
    }

    /// Starts a process for the token; streams wait until it is ready.
    ///
    /// @param directory for its home; a path of less than 80 bytes
    /// @param notes gets a line for each request, and for other events: printable ASCII, at most
    ///     1,000 lines of a few hundred characters, from any thread
    /// @param leaked called once if the server sends the token back, so that the phase has to end,
    ///     with the reason for people
    /// @throws IOException if it can't be started
    public static TokenProxy start(
            TokenOrder order,
            Sandbox sandbox,
            Path directory,
            Consumer<String> notes,
            Consumer<String> leaked)
            throws IOException {
        var _ = order.first(); // throws if it has none
        Path homes = directory.toAbsolutePath();
        ChildJvm child;
        try {
            checkLength(homes);
            child = ChildJvm.start(spec(sandbox), homes, "t");
        } catch (IOException e) {
            throw new IOException(
                    "the process for the token %s: %s".formatted(order.name(), e.getMessage()), e);
        }
        var proxy = new TokenProxy(order, child, notes, leaked);
        Thread.ofVirtual().name("token-" + child.pid()).start(proxy::converse);
        return proxy;
    }

    private static JvmSpec spec(Sandbox sandbox) {
        // a core of one byte rather than none: only then does the kernel hand no memory to a
        // program
        // that collects dumps (core(5), do_coredump)
        String limits =
                "prlimit --core=1 --cpu=%d --fsize=0 --nofile=1024 --as=%d"
                        .formatted(CPU_TIME.toSeconds(), ADDRESS_SPACE);
        // the last three keep its memory from other processes and out of files
        String options =
                "-XX:MaxDirectMemorySize=32m -XX:MaxMetaspaceSize=96m"
                        + " -XX:CompressedClassSpaceSize=32m -XX:ReservedCodeCacheSize=48m"
                        + " -XX:+DisableAttachMechanism -XX:-CreateCoredumpOnCrash"
                        + " -XX:ErrorFile=/dev/null";
        return new JvmSpec(
                OwnJvm.running(),
                TokenProcess.class,
                HEAP,
                List.of(limits.split(" ", -1)),
                List.of(options.split(" ", -1)),
                sandbox);
    }

    private static void checkLength(Path homes) throws IOException {
        int length = homes.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_HOMES) {
            throw new IOException(
                    "%s is %d bytes long; at most %d leave room for a socket in it: take a state directory with a shorter path"
                            .formatted(homes, length, LONGEST_HOMES));
        }
    }

    /// The address that its process connects to: the first checked one, or the upstream proxy.
    public InetAddress address() {
        return order.first();
    }

    /// Serves a stream to its end.
    ///
    /// @param carries called with the number of bytes before they are passed on; returns why they
    ///     may not be
    public Connection serve(UplinkStream stream, IntFunction<Optional<String>> carries)
            throws InterruptedException {
        open.add(stream);
        try {
            if (open.size() > MOST_STREAMS) {
                return refused(stream, "is one too many: %d at once".formatted(MOST_STREAMS));
            }
            Optional<Path> socket = socket();
            if (over.isPresent() || socket.isEmpty()) {
                return refused(stream, over.orElse("has no process that serves it"));
            }
            return connected(stream, socket.orElseThrow(), carries);
        } finally {
            open.remove(stream);
        }
    }

    private Connection connected(
            UplinkStream stream, Path path, IntFunction<Optional<String>> carries)
            throws InterruptedException {
        SocketChannel socket;
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return refused(stream, over.orElse("has no process that serves it any more"));
        }
        var splice = new Splice(stream, socket, carries::apply);
        splice.run();
        var why = splice.refusal().or(() -> over.filter(reason -> !reason.equals(CLOSED)));
        return connection(splice.sent(), splice.received(), why);
    }

    private Connection refused(UplinkStream stream, String why) {
        stream.reset();
        return connection(0, 0, Optional.of(why));
    }

    private Connection connection(long sent, long received, Optional<String> refusal) {
        return new Connection(
                "token " + order.name(),
                Optional.of(order.first()),
                sent,
                received,
                refusal.map(Connection.Refusal::new));
    }

    private void converse() {
        try {
            child.records().write(order);
            while (true) {
                switch (child.records().read(Message.class)) {
                    case Message.Ready _ ->
                            ready.complete(child.home().resolve(TokenProcess.SOCKET));
                    case Message.Said(var line) -> say(line);
                    case Message.Leaked(var why) -> {
                        if (endStreams("was ended: the token came back")) {
                            child.kill();
                            leaked.accept(SafeText.line(why, SafeText.SAID));
                        }
                    }
                }
            }
        } catch (IOException e) {
            child.kill();
            ready.completeExceptionally(e);
            String how = end();
            if (endStreams("was ended: its process ended")) {
                say("the process that has the token ended: " + how);
            }
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

    /// Returns false if they were ended before.
    private synchronized boolean endStreams(String why) {
        if (over.isPresent()) {
            return false;
        }
        over = Optional.of(why);
        open.forEach(UplinkStream::reset);
        return true;
    }

    private void say(String line) {
        int number = lines.incrementAndGet();
        if (number < MOST_LINES) {
            notes.accept(SafeText.line(line, SafeText.SAID));
        } else if (number == MOST_LINES) {
            notes.accept("further requests with the token are not listed");
        }
    }

    int streams() {
        return open.size();
    }

    long pid() {
        return child.pid();
    }

    /// Ends the process and all streams before it returns.
    @Override
    public void close() {
        endStreams(CLOSED);
        child.close();
    }
}
