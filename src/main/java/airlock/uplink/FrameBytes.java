package airlock.uplink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Frames as bytes: a head of eight, little-endian (`u8` type, `u8` zero, `u16` length of the
/// payload, `u32` stream), and the payload (docs/uplink.md).
final class FrameBytes {
    static final int HEAD = 8;
    static final int HELLO = 1;
    static final int OPEN = 2;
    static final int OPENED = 3;
    static final int REFUSED = 4;
    static final int DATA = 5;
    static final int WINDOW = 6;
    static final int END = 7;
    static final int RESET = 8;

    private static final byte[] NOTHING = {};

    private FrameBytes() {}

    static byte[] of(Frame frame) {
        return switch (frame) {
            case Frame.Hello(int version) -> whole(HELLO, 0, number(version));
            case Frame.Open(int stream, var kind, var target) ->
                    whole(OPEN, stream, open(kind, target));
            case Frame.Opened(int stream) -> whole(OPENED, stream, NOTHING);
            case Frame.Refused(int stream, var why) -> whole(REFUSED, stream, Frame.text(why));
            case Frame.Data(int stream, byte[] bytes) -> whole(DATA, stream, bytes);
            case Frame.Window(int stream, int bytes) -> whole(WINDOW, stream, number(bytes));
            case Frame.End(int stream) -> whole(END, stream, NOTHING);
            case Frame.Reset(int stream) -> whole(RESET, stream, NOTHING);
        };
    }

    private static byte[] open(Frame.Kind kind, String target) {
        byte[] text = Frame.text(target);
        return ByteBuffer.allocate(1 + text.length).put((byte) kind.number()).put(text).array();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static byte[] whole(int type, int stream, byte[] payload) {
        return ByteBuffer.allocate(HEAD + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) payload.length)
                .putInt(stream)
                .put(payload)
                .array();
    }
}
