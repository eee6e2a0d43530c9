package airlock.uplink;

import airlock.uplink.Terminal.WindowSize;
import airlock.uplink.UplinkStream.WindowGrowth;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The streams that the host opens, and the guest's answers to them.
final class HostStreams {
    private final Map<Integer, UplinkStream> streams;
    private final Consumer<Frame> frames;
    private final Map<Integer, Asked> asked = new ConcurrentHashMap<>();

    /// The highest number so far; the host has opened all even ones up to it.
    private volatile int highest;

    private volatile boolean over;

    /// @param streams the open ones of both sides
    /// @param frames takes frames to the guest
    HostStreams(Map<Integer, UplinkStream> streams, Consumer<Frame> frames) {
        this.streams = streams;
        this.frames = frames;
    }

    private record Asked(Terminal terminal, CompletableFuture<Terminal.Opening> answer) {
        void over() {
            answer.complete(new Terminal.Opening.NoAnswer("its uplink has ended"));
        }
    }

    Terminal.Opening open(WindowSize size, Duration patience) throws InterruptedException {
        var ask = ask(size);
        long millis = patience.toMillis();
        var late = new Terminal.Opening.NoAnswer("none came within %d ms".formatted(millis));
        boolean opened = false;
        try {
            var opening = ask.answer().completeOnTimeout(late, millis, TimeUnit.MILLISECONDS).get();
            opened = opening instanceof Terminal.Opening.Opened;
            return opening;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer never fails", e);
        } finally {
            if (!opened) {
                ask.terminal().close();
            }
        }
    }

    /// Sends numbers in ascending order.
    private synchronized Asked ask(WindowSize size) {
        int number = highest + 2;
        var stream = new UplinkStream(number, frames, new WindowGrowth(0));
        var terminal = new Terminal(stream, () -> streams.remove(number));
        var ask = new Asked(terminal, new CompletableFuture<>());
        streams.put(number, stream);
        asked.put(number, ask);
        highest = number;
        if (over) {
            ask.over();
        }
        frames.accept(new Frame.Open(number, Frame.Kind.PTY, size.target()));
        return ask;
    }

    /// Takes a frame for one of them, which may be an answer.
    void hear(Frame frame) throws ProtocolException {
        int number = frame.stream();
        switch (frame) {
            case Frame.Opened _ -> {
                var ask = answered(number);
                ask.answer().complete(new Terminal.Opening.Opened(ask.terminal()));
            }
            case Frame.Refused(_, var why) -> {
                var ask = answered(number);
                // first, since nothing may be sent for it
                Optional.ofNullable(streams.get(number)).ifPresent(UplinkStream::breaks);
                ask.answer().complete(new Terminal.Opening.Refused(why));
            }
            case Frame.Hello _,
                    Frame.Open _,
                    Frame.Data _,
                    Frame.Window _,
                    Frame.End _,
                    Frame.Reset _ -> {
                if (number > highest) {
                    throw new ProtocolException(
                            "a frame of stream %d, which was never opened".formatted(number));
                }
                if (asked.containsKey(number)) {
                    throw new ProtocolException(
                            "a frame of stream %d before its answer".formatted(number));
                }
            }
        }
    }

    /// An answer may come after its waiter has given up.
    private Asked answered(int number) throws ProtocolException {
        var ask = asked.remove(number);
        if (ask == null) {
            throw new ProtocolException("an answer that was not asked for, for stream " + number);
        }
        return ask;
    }

    /// No more answers come.
    void end() {
        over = true;
        asked.values().forEach(Asked::over);
    }
}
