package airlock.token;

import airlock.egress.Connection;
import airlock.sandbox.ChildJvm;
import airlock.sandbox.Sandbox;
import airlock.text.SafeText;
import airlock.uplink.Splice;
import airlock.uplink.UplinkStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// One token for one phase: passes streams of plain HTTP to a process that has the token and
/// nothing else. The process is started here and ends with this, or with the server.
public final class TokenProxy implements AutoCloseable {
    private static final int MOST_STREAMS = 64;
    private static final int MOST_LINES = 1_000;
    private static final String CLOSED = "was ended: the phase is over";

    private final TokenOrder order;
    private final TokenWorker worker;
    private final Consumer<String> notes;
    private final Consumer<String> leaked;
    private final Set<UplinkStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lines = new AtomicInteger();
    private volatile Optional<String> over = Optional.empty();

    private TokenProxy(
            TokenOrder order, TokenWorker worker, Consumer<String> notes, Consumer<String> leaked) {
        this.order = order;
        this.worker = worker;
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
        var worker = TokenWorker.start(order, sandbox, directory);
        var proxy = new TokenProxy(order, worker, notes, leaked);
        worker.order(order, proxy::heard, proxy::ended);
        return proxy;
    }

    /// Removes the homes that processes of a killed server left; they ended with it.
    ///
    /// @param directory as for [#start]
    public static void removeLeft(Path directory) {
        ChildJvm.removeHomes(directory);
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
            Optional<Path> socket = worker.socket();
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

    private void heard(Message message) {
        switch (message) {
            case Message.Ready _ -> {}
            case Message.Said(var line) -> say(line);
            case Message.Leaked(var why) -> {
                if (endStreams("was ended: the token came back")) {
                    worker.child().kill();
                    leaked.accept(SafeText.line(why, SafeText.SAID));
                }
            }
        }
    }

    private void ended(String how) {
        if (endStreams("was ended: its process ended")) {
            say("the process that has the token ended: " + how);
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

    /// Waits until it is ready, or has failed.
    void awaitReady() throws InterruptedException {
        worker.socket();
    }

    /// The number of open streams.
    int streams() {
        return open.size();
    }

    /// The id of the process.
    long pid() {
        return worker.child().pid();
    }

    /// Ends the process and all streams before it returns.
    @Override
    public void close() {
        endStreams(CLOSED);
        worker.child().close();
    }
}
