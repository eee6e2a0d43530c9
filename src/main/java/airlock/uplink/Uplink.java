package airlock.uplink;

import airlock.uplink.FrameReader.Reading;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/// The host's side of an uplink port (docs/uplink.md). The guest may be anybody: whatever it sends,
/// the memory that it takes here is that of [#MOST_STREAMS] first windows and of [#GROWTH], and of
/// one first window for each terminal that the host has opened.
public final class Uplink {
    /// Streams that a guest may have at once.
    static final int MOST_STREAMS = 256;

    /// Bytes by which the windows of all its streams may grow, together.
    static final int GROWTH = 2 << 20;

    /// Bytes: a few of the longest frames.
    private static final int BUFFER = 64 << 10;

    /// How long the end of an uplink waits for servers that take what the guest sent last.
    static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final String TERMINALS_ONLY = "nothing but terminals is served here";

    private final FrameReader in;
    private final OutputStream out;
    private final Server server;
    private final ReentrantLock sending = new ReentrantLock();
    private final Map<Integer, UplinkStream> streams = new ConcurrentHashMap<>();
    private final HostStreams own = new HostStreams(streams, this::send);
    private final OpenRate rate;
    private final Duration lastWords;
    private final WindowGrowth growth = new WindowGrowth(GROWTH);
    private volatile boolean terminalsOnly;

    /// The highest number of a stream that the guest has opened.
    private int highest;

    private boolean greeted;

    /// @param in what comes from the port
    /// @param out what goes to it
    /// @param server has the streams that the guest opens
    public Uplink(InputStream in, OutputStream out, Server server) {
        this(in, out, server, OpenRate.standard(), LAST_WORDS);
    }

    Uplink(InputStream in, OutputStream out, Server server, OpenRate rate, Duration lastWords) {
        this.in = new FrameReader(new BufferedInputStream(in, BUFFER));
        this.out = out;
        this.server = server;
        this.rate = rate;
        this.lastWords = lastWords;
    }

    /// Decides about streams and serves them, each in a thread of its own.
    @FunctionalInterface
    public interface Server {
        /// Accepts the offer and serves its stream to the end, or refuses it.
        void serve(Offer offer) throws InterruptedException;
    }

    /// How an uplink ended.
    public sealed interface Ending {
        /// The port was closed.
        record Closed() implements Ending {}

        /// The guest sent what it may not send.
        record Broken(String why) implements Ending {}
    }

    /// One that serves terminals and nothing that the guest wants.
    public static Uplink ofTerminals(InputStream in, OutputStream out) {
        var uplink = new Uplink(in, out, offer -> offer.refuse(TERMINALS_ONLY));
        uplink.serveTerminalsOnly();
        return uplink;
    }

    /// From now on refuses whatever the guest wants, and resets what it has; terminals go on.
    public void serveTerminalsOnly() {
        terminalsOnly = true;
        streams.forEach(
                (number, stream) -> {
                    if (isGuests(number)) {
                        stream.reset();
                    }
                });
    }

    /// Asks the guest for a terminal, and waits for its answer.
    public TerminalOpening openTerminal(WindowSize size, Duration patience)
            throws InterruptedException {
        return own.open(size, patience);
    }

    private static boolean isGuests(int number) {
        return number % 2 == 1;
    }

    /// Serves until the port is closed or the guest breaks the rules; then no thread of it is left.
    public Ending run() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            send(new Frame.Hello(Frame.VERSION));
            try {
                Ending ending = frames(threads);
                if (ending instanceof Ending.Closed) {
                    finish();
                }
                return ending;
            } finally {
                own.end();
                streams.values().forEach(UplinkStream::breaks);
                threads.shutdownNow();
            }
        }
    }

    /// A program may end, and its VM with it, right after it has sent something.
    private void finish() {
        long until = System.nanoTime() + lastWords.toNanos();
        try {
            streams.values().forEach(UplinkStream::portCloses);
            for (UplinkStream stream : streams.values()) {
                stream.awaitEndTaken(until - System.nanoTime());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Ending frames(ExecutorService threads) {
        while (true) {
            Reading reading;
            try {
                reading = in.next();
            } catch (IOException _) {
                return new Ending.Closed(); // with QEMU
            }
            switch (reading) {
                case Reading.End _ -> {
                    return new Ending.Closed();
                }
                case Reading.Bad(var why) -> {
                    return new Ending.Broken(why);
                }
                case Reading.Read(var frame) -> {
                    var why = heard(frame, threads);
                    if (why.isPresent()) {
                        return new Ending.Broken(why.orElseThrow());
                    }
                }
            }
        }
    }

    /// @return what is wrong with it; empty where nothing is
    private Optional<String> heard(Frame frame, ExecutorService threads) {
        if (frame instanceof Frame.Hello(int version)) {
            boolean again = greeted;
            greeted = true;
            return again || version != Frame.VERSION
                    ? Optional.of(again ? "a second hello" : "version " + version)
                    : Optional.empty();
        }
        if (!greeted) {
            return Optional.of("no hello at its beginning");
        }
        if (frame instanceof Frame.Open open) {
            return opens(open, threads);
        }
        var problem = isGuests(frame.number()) ? problem(frame.number()) : own.heard(frame);
        UplinkStream stream = streams.get(frame.number());
        // one that is over may be so since a moment that the guest has not heard of
        return problem.isPresent() || stream == null ? problem : heard(frame, stream);
    }

    /// What is wrong with a frame for a stream that the guest opens; empty where nothing is.
    private Optional<String> problem(int number) {
        return number > highest
                ? Optional.of("a frame of stream %d, which nobody opened".formatted(number))
                : Optional.empty();
    }

    private Optional<String> heard(Frame frame, UplinkStream stream) {
        return switch (frame) {
            case Frame.Data(_, byte[] bytes) -> stream.data(bytes);
            case Frame.Window(_, int bytes) -> stream.window(bytes);
            case Frame.End _ -> stream.guestEnds();
            case Frame.Reset _ -> {
                stream.breaks();
                yield Optional.empty();
            }
            case Frame.Opened _, Frame.Refused _ ->
                    isGuests(frame.number())
                            ? Optional.of(
                                    "an answer to what nobody asked, for stream " + frame.number())
                            : Optional.empty(); // its asker has heard it
            case Frame.Hello _, Frame.Open _ ->
                    throw new IllegalArgumentException("belongs to no stream: " + frame);
        };
    }

    private Optional<String> opens(Frame.Open open, ExecutorService threads) {
        int number = open.stream();
        if (number % 2 == 0 || number <= highest) {
            return Optional.of("stream %d opened after %d".formatted(number, highest));
        }
        highest = number;
        if (open.kind() == Frame.Kind.PTY) {
            return Optional.of("a terminal, which only the host opens");
        }
        if (terminalsOnly) {
            send(new Frame.Refused(number, TERMINALS_ONLY));
        } else if (streams.size() >= MOST_STREAMS) {
            send(new Frame.Refused(number, "more than " + MOST_STREAMS + " connections at once"));
        } else if (!rate.takes()) {
            send(new Frame.Refused(number, "more than " + rate + " new connections"));
        } else {
            var stream = new UplinkStream(number, this::send, growth);
            streams.put(number, stream);
            if (terminalsOnly) {
                stream.reset(); // since this very moment
            }
            threads.execute(() -> serve(new Offer(open, stream, this::send), stream));
        }
        return Optional.empty();
    }

    private void serve(Offer offer, UplinkStream stream) {
        try {
            server.serve(offer);
        } catch (InterruptedException _) {
            // the uplink ends
        } finally {
            offer.close();
            streams.remove(offer.number());
            stream.leave();
        }
    }

    /// A port that is closed takes nothing more; whoever reads from it ends the uplink.
    private void send(Frame frame) {
        sending.lock();
        try {
            out.write(FrameBytes.of(frame));
            out.flush();
        } catch (IOException _) {
            streams.values().forEach(UplinkStream::portCloses);
        } finally {
            sending.unlock();
        }
    }
}
