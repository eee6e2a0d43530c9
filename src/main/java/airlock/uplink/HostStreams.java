package airlock.uplink;

import airlock.uplink.UplinkStream.WindowGrowth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// The streams that the host opens, and the guest's answers to them.
final class HostStreams {
    private final Map<Integer, UplinkStream> streams;
    private final Consumer<Frame> frames;
    private final Map<Integer, CompletableFuture<Answer>> asked = new ConcurrentHashMap<>();

    /// The highest number so far; the host has opened all even ones up to it.
    private volatile int highest;

    private volatile boolean over;

    /// @param streams the open ones of both sides
    /// @param frames takes frames to the guest
    HostStreams(Map<Integer, UplinkStream> streams, Consumer<Frame> frames) {
        this.streams = streams;
        this.frames = frames;
    }

    private sealed interface Answer {
        record Opened() implements Answer {}

        record Refused(String why) implements Answer {}

        record Over() implements Answer {}
    }

    private record Asked(UplinkStream stream, int number, CompletableFuture<Answer> answer) {}

    /// Asks for a terminal and waits for the answer.
    TerminalOpening open(WindowSize size, Duration patience) throws InterruptedException {
        var ask = ask(size);
        var opening = Optional.<TerminalOpening>empty();
        try {
            opening = Optional.of(opening(ask, patience));
            return opening.orElseThrow();
        } finally {
            switch (opening.orElse(new TerminalOpening.NoAnswer("interrupted"))) {
                case TerminalOpening.Opened _ -> {}
                case TerminalOpening.Refused _ -> {
                    ask.stream().breaks();
                    streams.remove(ask.number());
                }
                case TerminalOpening.NoAnswer _ -> {
                    ask.stream().reset();
                    streams.remove(ask.number());
                }
            }
        }
    }

    /// Sends numbers in ascending order.
    private synchronized Asked ask(WindowSize size) {
        int number = highest + 2;
        var stream = new UplinkStream(number, frames, new WindowGrowth(0));
        var ask = new Asked(stream, number, new CompletableFuture<>());
        streams.put(number, stream);
        asked.put(number, ask.answer());
        highest = number;
        if (over) {
            ask.answer().complete(new Answer.Over());
        }
        frames.accept(new Frame.Open(number, Frame.Kind.PTY, size.target()));
        return ask;
    }

    private TerminalOpening opening(Asked ask, Duration patience) throws InterruptedException {
        try {
            return switch (ask.answer().get(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                case Answer.Opened _ ->
                        new TerminalOpening.Opened(
                                new Terminal(ask.stream(), () -> streams.remove(ask.number())));
                case Answer.Refused(var why) -> new TerminalOpening.Refused(why);
                case Answer.Over _ -> new TerminalOpening.NoAnswer("its uplink has ended");
            };
        } catch (TimeoutException _) {
            return new TerminalOpening.NoAnswer(
                    "none came within %d ms".formatted(patience.toMillis()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer never fails", e);
        }
    }

    /// Takes a frame for one of them, which may be an answer.
    ///
    /// @return the problem, if any
    Optional<String> heard(Frame frame) {
        return switch (frame) {
            case Frame.Opened(int number) -> answered(number, new Answer.Opened());
            case Frame.Refused(int number, var why) -> answered(number, new Answer.Refused(why));
            case Frame.Hello _,
                    Frame.Open _,
                    Frame.Data _,
                    Frame.Window _,
                    Frame.End _,
                    Frame.Reset _ ->
                    problem(frame.stream());
        };
    }

    /// An answer may come after its waiter has given up.
    private Optional<String> answered(int number, Answer answer) {
        var waits = asked.remove(number);
        if (waits == null) {
            return Optional.of("an answer that was not asked for, for stream " + number);
        }
        waits.complete(answer);
        return Optional.empty();
    }

    private Optional<String> problem(int number) {
        if (number > highest) {
            return Optional.of("a frame of stream %d, which was never opened".formatted(number));
        }
        return asked.containsKey(number)
                ? Optional.of("a frame of stream %d before its answer".formatted(number))
                : Optional.empty();
    }

    /// No more answers come.
    void end() {
        over = true;
        asked.values().forEach(waits -> waits.complete(new Answer.Over()));
    }
}
