package airlock.token;

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

/// One token for one phase: streams of plain HTTP go to a process that has the token, and nothing
/// else. It is started here and ends with this, or with the server.
public final class TokenProxy implements AutoCloseable {
    private static final int MOST_STREAMS = 64;
    private static final int MOST_LINES = 1_000;
    private static final String CLOSED = "was ended: the phase is over";

    private final InetAddress first;
    private final TokenWorker worker;
    private final Listener listener;
    private final Set<UplinkStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lines = new AtomicInteger();
    private volatile Optional<String> over = Optional.empty();

    private TokenProxy(InetAddress first, TokenWorker worker, Listener listener) {
        this.first = first;
        this.worker = worker;
        this.listener = listener;
    }

    /// Hears what happens, from any thread.
    public interface Listener {
        /// A request was served or refused; also what else there is to say. Printable ASCII, at
        /// most 1,000 lines of a few hundred characters.
        void said(String line);

        /// The server that the token belongs to sent it back: the phase has to end. Comes once.
        ///
        /// @param why for people; without the token
        void leaked(String why);
    }

    /// What else the phase has carried, which this counts in.
    @FunctionalInterface
    public interface Cap {
        /// So many more bytes were carried.
        ///
        /// @return why there may be no more of them; empty where there may
        Optional<String> carries(int more);
    }

    /// What a stream carried when it is over.
    ///
    /// @param sent bytes from the guest
    /// @param received bytes to the guest
    /// @param refusal why it was refused or ended; empty where it ended by itself
    public record Carried(long sent, long received, Optional<String> refusal) {}

    /// Starts a process for the token; it gets ready by itself, and streams wait for it.
    ///
    /// @param directory where its home is made; its path has less than 80 bytes
    /// @throws IOException where it can't be started
    public static TokenProxy start(
            TokenOrder order, Sandbox sandbox, Path directory, Listener listener) throws IOException {
        var first = order.first();
        var proxy = new TokenProxy(first, TokenWorker.start(order, sandbox, directory), listener);
        proxy.worker.order(order, proxy::heard, proxy::ended);
        return proxy;
    }

    /// Removes what the processes of a killed server left; they have ended with it.
    ///
    /// @param directory the one that [#start] is given
    public static void removeLeft(Path directory) {
        ChildJvm.removeHomes(directory);
    }

    /// Where its process connects to: the first of the checked addresses, or an upstream proxy.
    public InetAddress address() {
        return first;
    }

    /// Serves a stream to its end.
    ///
    /// @param cap asked before bytes are passed on
    public Carried serve(UplinkStream stream, Cap cap) throws InterruptedException {
        open.add(stream);
        try {
            if (open.size() > MOST_STREAMS) {
                return refused(stream, "is one too many: %d at once".formatted(MOST_STREAMS));
            }
            Optional<Path> socket = worker.socket();
            if (over.isPresent() || socket.isEmpty()) {
                return refused(stream, over.orElse("has no process that serves it"));
            }
            return connected(stream, socket.orElseThrow(), cap);
        } finally {
            open.remove(stream);
        }
    }

    private Carried connected(UplinkStream stream, Path path, Cap cap) throws InterruptedException {
        SocketChannel socket;
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return refused(stream, over.orElse("has no process that serves it any more"));
        }
        var splice = new Splice(stream, socket, cap::carries);
        splice.run();
        var why = splice.refusal().or(() -> over.filter(reason -> !reason.equals(CLOSED)));
        return new Carried(splice.sent(), splice.received(), why);
    }

    private static Carried refused(UplinkStream stream, String why) {
        stream.reset();
        return new Carried(0, 0, Optional.of(why));
    }

    private void heard(Message message) {
        switch (message) {
            case Message.Ready _ -> {}
            case Message.Said(var line) -> say(line);
            case Message.Leaked(var why) -> {
                if (endStreams("was ended: the token came back")) {
                    worker.child().kill();
                    listener.leaked(SafeText.line(why, SafeText.SAID));
                }
            }
        }
    }

    private void ended(String how) {
        if (endStreams("was ended: its process ended")) {
            say("the process that has the token ended: " + how);
        }
    }

    /// Whether it was this that ended them.
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
            listener.said(SafeText.line(line, SafeText.SAID));
        } else if (number == MOST_LINES) {
            listener.said("more requests with the token are not told");
        }
    }

    /// Waits until it serves, or never will.
    void awaitReady() throws InterruptedException {
        worker.socket();
    }

    /// How many streams there are.
    int streams() {
        return open.size();
    }

    /// The process' number, for who wants to look at it.
    long pid() {
        return worker.child().pid();
    }

    /// Ends the process and all streams; nothing is left of either when this returns.
    @Override
    public void close() {
        endStreams(CLOSED);
        worker.child().close();
    }
}
