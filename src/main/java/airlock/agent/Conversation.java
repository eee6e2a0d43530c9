package airlock.agent;

import airlock.agent.Sessions.Binding;
import airlock.uplink.UplinkStream;
import java.nio.ByteBuffer;

/// One client of the agent: its messages, each answered before the next is read. A message is a
/// uint32 length, then as many bytes (RFC 9987).
final class Conversation {
    static final int MOST = 64 << 10;

    private final PhaseAgent agent;
    private final UplinkStream stream;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private Binding binding = new Binding.None();

    Conversation(PhaseAgent agent, UplinkStream stream) {
        this.agent = agent;
        this.stream = stream;
    }

    void run() throws InterruptedException {
        byte[] head = new byte[Integer.BYTES];
        while (fill(head)) {
            long length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
            if (length < 1 || length > MOST) {
                agent.cut(stream, "a message of %,d bytes".formatted(length));
                return;
            }
            byte[] message = new byte[(int) length];
            if (!fill(message)) {
                break;
            }
            if (!isAnswered(message)) {
                return;
            }
        }
        stream.end();
    }

    /// Returns false if the stream has ended.
    private boolean fill(byte[] whole) throws InterruptedException {
        int at = 0;
        while (at < whole.length) {
            if (!piece.hasRemaining()) {
                if (!(stream.take() instanceof UplinkStream.Piece.Bytes(byte[] bytes))) {
                    return false;
                }
                piece = ByteBuffer.wrap(bytes);
            }
            int part = Math.min(piece.remaining(), whole.length - at);
            piece.get(whole, at, part);
            at += part;
        }
        return true;
    }

    private boolean isAnswered(byte[] message) throws InterruptedException {
        if (!agent.takesMessage()) {
            agent.cut(
                    stream,
                    "limit of %,d messages per phase reached".formatted(PhaseAgent.MOST_MESSAGES));
            return false;
        }
        byte[] answer =
                switch (Request.read(message)) {
                    case Request.Identities _ -> agent.identities();
                    case Request.Sign sign -> agent.sign(sign, binding);
                    case Request.Bind bind -> bound(agent.bind(binding, bind));
                    case Request.BrokenBind _ ->
                            bound(new Binding.Spoiled("its client has sent a malformed bind"));
                    case Request.Other(var what) -> agent.refuse(what);
                };
        return stream.send(answer, 0, answer.length);
    }

    private byte[] bound(Binding after) {
        binding = after;
        return switch (after) {
            case Binding.Bound _ -> Answers.success();
            case Binding.None _, Binding.Spoiled _ -> Answers.failure();
        };
    }
}
