package airlock.uplink;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Frames as bytes: a head of eight, little-endian (`u8` type, `u8` zero, `u16` length of the
/// payload, `u32` stream), and the payload (docs/uplink.md).
final class FrameCodec {
    private static final int HEAD = 8;
    private static final int HELLO = 1;
    static final int OPEN = 2;
    private static final int OPENED = 3;
    private static final int REFUSED = 4;
    private static final int DATA = 5;
    private static final int WINDOW = 6;
    private static final int END = 7;
    private static final int RESET = 8;

    private FrameCodec() {}

    static byte[] encode(Frame frame) {
        return switch (frame) {
            case Frame.Hello(int version) -> whole(HELLO, 0, number(version));
            case Frame.Open(int stream, var kind, var target) -> {
                byte[] text = Frame.text(target);
                var payload = ByteBuffer.allocate(1 + text.length).put((byte) kind.number());
                yield whole(OPEN, stream, payload.put(text).array());
            }
            case Frame.Opened(int stream) -> whole(OPENED, stream);
            case Frame.Refused(int stream, var why) -> whole(REFUSED, stream, Frame.text(why));
            case Frame.Data(int stream, byte[] bytes) -> whole(DATA, stream, bytes);
            case Frame.Window(int stream, int bytes) -> whole(WINDOW, stream, number(bytes));
            case Frame.End(int stream) -> whole(END, stream);
            case Frame.Reset(int stream) -> whole(RESET, stream);
        };
    }

    private static byte[] number(int value) {
        return littleEndian(Integer.BYTES).putInt(value).array();
    }

    private static byte[] whole(int type, int stream, byte... payload) {
        return littleEndian(HEAD + payload.length)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) payload.length)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Reads a frame in a fixed amount of memory, whatever the guest sends. Does not check whether
    /// a frame may come at its place.
    ///
    /// @return empty if the port was closed between two frames
    /// @throws ProtocolException if the guest broke the protocol; nothing more may be read
    static Optional<Frame> read(InputStream in) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length == 0) {
            return Optional.empty();
        }
        if (head.length < HEAD) {
            throw new ProtocolException("the port was closed within the head of a frame");
        }
        var fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int type = fields.get() & 0xff;
        int zero = fields.get();
        int length = fields.getShort() & 0xffff;
        int stream = fields.getInt();
        check(type, zero, length, stream);
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new ProtocolException("the port was closed within a frame");
        }
        return Optional.of(frame(type, stream, payload));
    }

    private static void check(int type, int zero, int length, int stream) throws ProtocolException {
        if (type < HELLO || type > RESET || zero != 0) {
            throw new ProtocolException("a frame of unknown type %d, %d".formatted(type, zero));
        }
        if ((type == HELLO) != (stream == 0) || stream < 0) {
            throw new ProtocolException(
                    "a frame of type %d for stream %s"
                            .formatted(type, Integer.toUnsignedString(stream)));
        }
        boolean fits =
                switch (type) {
                    case HELLO, WINDOW -> length == Integer.BYTES;
                    case OPEN -> length >= 1 && length <= 1 + Frame.MOST_TEXT;
                    case REFUSED -> length <= Frame.MOST_TEXT;
                    case DATA -> length >= 1 && length <= Frame.MOST_DATA;
                    default -> length == 0;
                };
        if (!fits) {
            throw new ProtocolException("a frame of type %d with %d bytes".formatted(type, length));
        }
    }

    private static Frame frame(int type, int stream, byte[] payload) throws ProtocolException {
        return switch (type) {
            case HELLO -> new Frame.Hello(number(payload));
            case OPEN -> new Frame.Open(stream, kind(payload[0]), text("target", payload, 1));
            case OPENED -> new Frame.Opened(stream);
            case REFUSED -> new Frame.Refused(stream, text("reason", payload, 0));
            case DATA -> new Frame.Data(stream, payload);
            case WINDOW -> {
                int bytes = number(payload);
                if (bytes < 1 || bytes > Frame.MOST_WINDOW) {
                    throw new ProtocolException(
                            "a window of %s bytes".formatted(Integer.toUnsignedString(bytes)));
                }
                yield new Frame.Window(stream, bytes);
            }
            case END -> new Frame.End(stream);
            default -> new Frame.Reset(stream);
        };
    }

    private static int number(byte[] payload) {
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static Frame.Kind kind(byte number) throws ProtocolException {
        for (Frame.Kind kind : Frame.Kind.values()) {
            if (kind.number() == number) {
                return kind;
            }
        }
        throw new ProtocolException("a stream of unknown kind " + (number & 0xff));
    }

    private static String text(String what, byte[] payload, int from) throws ProtocolException {
        for (int i = from; i < payload.length; i++) {
            if (payload[i] < ' ' || payload[i] > '~') {
                throw new ProtocolException("a " + what + " that is not text");
            }
        }
        return new String(payload, from, payload.length - from, StandardCharsets.US_ASCII);
    }
}
