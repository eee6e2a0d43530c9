package airlock.uplink;

import java.util.function.Consumer;

/// A stream that a guest wants; to be accepted or refused once.
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

    /// The use that the guest wants.
    public Frame.Kind kind() {
        return open.kind();
    }

    /// The guest's words: anything, in printable ASCII.
    public String target() {
        return open.target();
    }

    /// Runs `then`, in any thread, if the guest gives up before it has its answer, or the uplink
    /// ends.
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
