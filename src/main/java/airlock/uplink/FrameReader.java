package airlock.uplink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads the frames of an uplink in a fixed amount of memory, whatever the guest sends. For one
/// thread. Does not check whether a frame may come at its place.
final class FrameReader {
    private final InputStream in;

    /// @param in from the port; the caller closes it
    FrameReader(InputStream in) {
        this.in = in;
    }

    sealed interface Reading {
        record Read(Frame frame) implements Reading {}

        /// The port was closed between two frames.
        record End() implements Reading {}

        /// Against the protocol; the reader must not be used further.
        record Bad(String why) implements Reading {}
    }

    Reading next() throws IOException {
        byte[] head = in.readNBytes(FrameBytes.HEAD);
        if (head.length == 0) {
            return new Reading.End();
        }
        if (head.length < FrameBytes.HEAD) {
            return new Reading.Bad("the port was closed within the head of a frame");
        }
        var fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int type = fields.get() & 0xff;
        int zero = fields.get();
        int length = fields.getShort() & 0xffff;
        int stream = fields.getInt();
        var problem = problem(type, zero, length, stream);
        if (problem.isPresent()) {
            return new Reading.Bad(problem.orElseThrow());
        }
        byte[] payload = in.readNBytes(length);
        return payload.length < length
                ? new Reading.Bad("the port was closed within a frame")
                : frame(type, stream, payload);
    }

    /// The problem of a head, if any; the payload is not read then.
    private static Optional<String> problem(int type, int zero, int length, int stream) {
        if (type < FrameBytes.HELLO || type > FrameBytes.RESET || zero != 0) {
            return Optional.of("a frame of unknown type %d, %d".formatted(type, zero));
        }
        if ((type == FrameBytes.HELLO) != (stream == 0) || stream < 0) {
            return Optional.of(
                    "a frame of type %d for stream %s"
                            .formatted(type, Integer.toUnsignedString(stream)));
        }
        boolean fits =
                switch (type) {
                    case FrameBytes.HELLO, FrameBytes.WINDOW -> length == Integer.BYTES;
                    case FrameBytes.OPEN -> length >= 1 && length <= 1 + Frame.MOST_TEXT;
                    case FrameBytes.REFUSED -> length <= Frame.MOST_TEXT;
                    case FrameBytes.DATA -> length >= 1 && length <= Frame.MOST_DATA;
                    default -> length == 0;
                };
        return fits
                ? Optional.empty()
                : Optional.of("a frame of type %d with %d bytes".formatted(type, length));
    }

    private static Reading frame(int type, int stream, byte[] payload) {
        return switch (type) {
            case FrameBytes.HELLO -> new Reading.Read(new Frame.Hello(number(payload)));
            case FrameBytes.OPEN -> open(stream, payload);
            case FrameBytes.OPENED -> new Reading.Read(new Frame.Opened(stream));
            case FrameBytes.REFUSED ->
                    isText(payload)
                            ? new Reading.Read(new Frame.Refused(stream, text(payload)))
                            : new Reading.Bad("a reason that is no text");
            case FrameBytes.DATA -> new Reading.Read(new Frame.Data(stream, payload));
            case FrameBytes.WINDOW -> window(stream, number(payload));
            case FrameBytes.END -> new Reading.Read(new Frame.End(stream));
            default -> new Reading.Read(new Frame.Reset(stream));
        };
    }

    private static Reading open(int stream, byte[] payload) {
        byte[] target = Arrays.copyOfRange(payload, 1, payload.length);
        if (!isText(target)) {
            return new Reading.Bad("a target that is no text");
        }
        for (Frame.Kind kind : Frame.Kind.values()) {
            if (kind.number() == payload[0]) {
                return new Reading.Read(new Frame.Open(stream, kind, text(target)));
            }
        }
        return new Reading.Bad("a stream of unknown kind " + (payload[0] & 0xff));
    }

    private static Reading window(int stream, int bytes) {
        return bytes < 1 || bytes > Frame.MOST_WINDOW
                ? new Reading.Bad("a window of %s bytes".formatted(Integer.toUnsignedString(bytes)))
                : new Reading.Read(new Frame.Window(stream, bytes));
    }

    private static int number(byte[] payload) {
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static boolean isText(byte[] bytes) {
        for (byte each : bytes) {
            if (each < ' ' || each > '~') {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
