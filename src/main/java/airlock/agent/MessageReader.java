package airlock.agent;

import airlock.uplink.UplinkStream;
import java.nio.ByteBuffer;

/// Cuts a stream into messages: a uint32 length, then as many bytes (RFC 9987).
final class MessageReader {
    /// Bytes of a message.
    static final int MOST = 64 << 10;

    private final UplinkStream stream;
    private ByteBuffer piece = ByteBuffer.allocate(0);

    MessageReader(UplinkStream stream) {
        this.stream = stream;
    }

    sealed interface Incoming {
        /// At least one byte.
        record Message(byte[] bytes) implements Incoming {}

        /// The stream has ended, perhaps inside a message.
        record Ended() implements Incoming {}

        /// An invalid length; the rest of the stream cannot be read.
        record Malformed(String why) implements Incoming {}
    }

    Incoming next() throws InterruptedException {
        byte[] head = new byte[Integer.BYTES];
        if (!fill(head)) {
            return new Incoming.Ended();
        }
        long length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
        if (length < 1 || length > MOST) {
            return new Incoming.Malformed("a message of %,d bytes".formatted(length));
        }
        byte[] message = new byte[(int) length];
        return fill(message) ? new Incoming.Message(message) : new Incoming.Ended();
    }

    private boolean fill(byte[] whole) throws InterruptedException {
        int at = 0;
        while (at < whole.length) {
            if (!piece.hasRemaining()) {
                switch (stream.take()) {
                    case UplinkStream.Piece.Bytes(byte[] bytes) -> piece = ByteBuffer.wrap(bytes);
                    case UplinkStream.Piece.Ended _, UplinkStream.Piece.Broken _ -> {
                        return false;
                    }
                }
            }
            int part = Math.min(piece.remaining(), whole.length - at);
            piece.get(whole, at, part);
            at += part;
        }
        return true;
    }
}
