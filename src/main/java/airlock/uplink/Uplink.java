package airlock.uplink;

import airlock.uplink.Terminal.WindowSize;
import airlock.uplink.UplinkStream.WindowGrowth;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

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

    private final InputStream in;
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
        this.in = new BufferedInputStream(in, BUFFER);
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

    public Terminal.Opening openTerminal(WindowSize size, Duration patience)
            throws InterruptedException {
        return own.open(size, patience);
    }

    private static boolean isGuests(int number) {
        return number % 2 == 1;
    }

    /// Serves until the port is closed or the guest breaks the protocol; then all threads have
    /// ended.
    ///
    /// @return how the guest broke the protocol; empty if the port was closed
    public Optional<String> run() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            send(new Frame.Hello(Frame.VERSION));
            try {
                var broken = frames(threads);
                if (broken.isEmpty()) {
                    finish();
                }
                return broken;
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

    private Optional<String> frames(ExecutorService threads) {
        try {
            var frame = FrameCodec.read(in);
            while (frame.isPresent()) {
                hear(frame.orElseThrow(), threads);
                frame = FrameCodec.read(in);
            }
        } catch (ProtocolException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException _) {
            // the port is closed with QEMU
        }
        return Optional.empty();
    }

    private void hear(Frame frame, ExecutorService threads) throws ProtocolException {
        if (frame instanceof Frame.Hello(int version)) {
            if (greeted || version != Frame.VERSION) {
                throw new ProtocolException(greeted ? "a second hello" : "version " + version);
            }
            greeted = true;
            return;
        }
        if (!greeted) {
            throw new ProtocolException("no hello at its beginning");
        }
        if (frame instanceof Frame.Open open) {
            open(open, threads);
            return;
        }
        int number = frame.stream();
        if (!isGuests(number)) {
            own.hear(frame);
        } else if (number > highest) {
            throw new ProtocolException(
                    "a frame of stream %d, which was never opened".formatted(number));
        } else if (frame instanceof Frame.Opened || frame instanceof Frame.Refused) {
            throw new ProtocolException("an answer that was not asked for, for stream " + number);
        }
        UplinkStream stream = streams.get(number);
        if (stream == null) {
            return; // the guest may not know yet that it is over
        }
        switch (frame) {
            case Frame.Data(_, byte[] bytes) -> stream.data(bytes);
            case Frame.Window(_, int bytes) -> stream.window(bytes);
            case Frame.End _ -> stream.guestEnds();
            case Frame.Reset _ -> stream.breaks();
            case Frame.Hello _, Frame.Open _, Frame.Opened _, Frame.Refused _ -> {}
        }
    }

    private void open(Frame.Open open, ExecutorService threads) throws ProtocolException {
        int number = open.stream();
        if (!isGuests(number) || number <= highest) {
            throw new ProtocolException("stream %d opened after %d".formatted(number, highest));
        }
        highest = number;
        if (open.kind() == Frame.Kind.PTY) {
            throw new ProtocolException("a terminal, which only the host opens");
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
            out.write(FrameCodec.encode(frame));
            out.flush();
        } catch (IOException _) {
            streams.values().forEach(UplinkStream::portCloses);
        }
    }

    /// Limits the rate at which a guest opens streams: a burst, then a number per second. For one
    /// thread.
    static final class OpenRate {
        private static final double NANOSECONDS = 1e9;

        private final int burst;
        private final int perSecond;
        private final LongSupplier clock;
        private double left;
        private long last;

        /// @param clock nanoseconds of a clock that never goes back
        OpenRate(int burst, int perSecond, LongSupplier clock) {
            this.burst = burst;
            this.perSecond = perSecond;
            this.clock = clock;
            this.left = burst;
            this.last = clock.getAsLong();
        }

        /// Allows for builds, which open many connections at their beginning and few later.
        static OpenRate standard() {
            return new OpenRate(1000, 100, System::nanoTime);
        }

        /// Counts a new stream; returns whether it may be opened.
        boolean takes() {
            long now = clock.getAsLong();
            left = Math.min(burst, left + (now - last) / NANOSECONDS * perSecond);
            last = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }

        @Override
        public String toString() {
            return perSecond + " a second";
        }
    }

    /// A stream that a guest wants; to be accepted or refused once.
    public static final class Offer {
        private final Frame.Open open;
        private final UplinkStream stream;
        private final Consumer<Frame> frames;
        private boolean answered;

        Offer(Frame.Open open, UplinkStream stream, Consumer<Frame> frames) {
            this.open = open;
            this.stream = stream;
            this.frames = frames;
        }

        int number() {
            return open.stream();
        }

        public Frame.Kind kind() {
            return open.kind();
        }

        /// The guest's words: anything, in printable ASCII.
        public String target() {
            return open.target();
        }

        /// Runs `then`, in any thread, if the guest gives up before it has its answer, or the
        /// uplink ends.
        public void whenGivenUp(Runnable then) {
            stream.whenBroken(then);
        }

        /// Accepts it; the stream has the bytes that the guest has sent meanwhile.
        public UplinkStream accept() {
            stream.whenBroken(() -> {});
            answer(new Frame.Opened(number()));
            return stream;
        }

        /// Refuses it.
        ///
        /// @param why for people; the client in the guest prints it
        public void refuse(String why) {
            stream.whenBroken(() -> {});
            answer(new Frame.Refused(number(), why));
            stream.breaks();
        }

        private void answer(Frame answer) {
            if (answered) {
                throw new IllegalStateException("stream " + number() + " has its answer");
            }
            answered = true;
            frames.accept(answer);
        }

        /// Ends it if its server did not.
        void close() {
            if (answered) {
                stream.reset();
            } else {
                refuse("it is not served");
            }
        }
    }
}
