package airlock.uplink;

import java.util.function.Consumer;

/// A stream that a guest wants, to be accepted or refused once.
public final class Offer {
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

    /// What it is for.
    public Frame.Kind kind() {
        return open.kind();
    }

    /// What the guest says of it: anything, in printable ASCII.
    public String target() {
        return open.target();
    }

    /// Has `then` done, in whatever thread, where the guest gives up before it has its answer, or
    /// the uplink ends.
    public void whenGivenUp(Runnable then) {
        stream.whenBroken(then);
    }

    /// Takes it; what the guest has sent meanwhile is there.
    public UplinkStream accept() {
        stream.whenBroken(() -> {});
        answer(new Frame.Opened(number()));
        return stream;
    }

    /// Does not.
    ///
    /// @param why for the people who read the client's words
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

    /// Ends what its server left open.
    void close() {
        if (answered) {
            stream.reset();
        } else {
            refuse("nobody serves it");
        }
    }
}
