package airlock.uplink;

import airlock.uplink.FrameReader.Reading;
import airlock.uplink.UplinkStream.WindowGrowth;
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

/// The host's side of an uplink port (docs/uplink.md). The guest may be hostile: whatever it sends,
/// it takes no more memory here than [#MOST_STREAMS] first windows, [#GROWTH], and one first window
/// for each terminal that the host has opened.
public final class Uplink {
    /// Streams that a guest may have at the same time.
    static final int MOST_STREAMS = 256;

    /// Bytes by which the windows of all its streams may grow together.
    static final int GROWTH = 2 << 20;

    /// Bytes: a few of the longest frames.
    private static final int BUFFER = 64 << 10;

    /// How long the end of an uplink waits for servers to take the guest's last bytes.
    static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final String TERMINALS_ONLY = "only terminals are served here";

    private final FrameReader in;
    private final OutputStream out;
    private final Server server;
    private final Map<Integer, UplinkStream> streams = new ConcurrentHashMap<>();
    private final HostStreams own = new HostStreams(streams, this::send);
    private final OpenRate rate;
    private final Duration lastWords;
    private final WindowGrowth growth = new WindowGrowth(GROWTH);
    private volatile boolean terminalsOnly;

    /// The highest number of a stream that the guest has opened.
    private int highest;

    private boolean greeted;

    /// @param in from the port
    /// @param out to the port
    /// @param server of the streams that the guest opens
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

    /// Serves streams, each in a thread of its own.
    @FunctionalInterface
    public interface Server {
        /// Accepts the offer and serves its stream to the end, or refuses the offer.
        void serve(Offer offer) throws InterruptedException;
    }

    /// How an uplink ended.
    public sealed interface Ending {
        /// The port was closed.
        record Closed() implements Ending {}

        /// The guest broke the protocol.
        record Broken(String why) implements Ending {}
    }

    /// An uplink that serves terminals only.
    public static Uplink ofTerminals(InputStream in, OutputStream out) {
        var uplink = new Uplink(in, out, offer -> offer.refuse(TERMINALS_ONLY));
        uplink.serveTerminalsOnly();
        return uplink;
    }

    /// Refuses all further streams of the guest and resets its open ones; terminals go on.
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

    /// Serves until the port is closed or the guest breaks the protocol; then all threads have
    /// ended.
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

    /// Lets servers take the last bytes of a program that ended, and its VM with it, right after it
    /// had sent them.
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

    /// Returns the problem, if any.
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
        var problem = isGuests(frame.stream()) ? problem(frame.stream()) : own.heard(frame);
        UplinkStream stream = streams.get(frame.stream());
        // the guest may not know yet that the stream is over
        return problem.isPresent() || stream == null ? problem : heard(frame, stream);
    }

    /// The problem of a frame for a stream of the guest's, if any.
    private Optional<String> problem(int number) {
        return number > highest
                ? Optional.of("a frame of stream %d, which was never opened".formatted(number))
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
                    isGuests(frame.stream())
                            ? Optional.of(
                                    "an answer that was not asked for, for stream "
                                            + frame.stream())
                            : Optional.empty(); // HostStreams has handled it
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
                stream.reset(); // set since the check above
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

    /// If the port is closed, the reading thread ends the uplink.
    private synchronized void send(Frame frame) {
        try {
            out.write(FrameBytes.of(frame));
            out.flush();
        } catch (IOException _) {
            streams.values().forEach(UplinkStream::portCloses);
        }
    }
}
