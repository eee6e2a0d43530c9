package airlock.uplink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The host's messages in a terminal's stream: `u8` type, `u16` length and that many bytes,
/// little-endian (docs/uplink.md).
final class TerminalBytes {
    static final int HEAD = 3;

    /// Most bytes of one message of keys.
    static final int MOST_KEYS = 4096;

    private static final int KEYS = 1;
    private static final int SIZE = 2;
    private static final int HANG_UP = 3;

    private TerminalBytes() {}

    /// @param length 1 to [#MOST_KEYS]
    static byte[] keys(byte[] keys, int offset, int length) {
        return message(KEYS, Arrays.copyOfRange(keys, offset, offset + length));
    }

    static byte[] size(WindowSize size) {
        return message(
                SIZE,
                ByteBuffer.allocate(2 * Short.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putShort((short) size.columns())
                        .putShort((short) size.rows())
                        .array());
    }

    static byte[] hangUp() {
        return message(HANG_UP, new byte[0]);
    }

    private static byte[] message(int type, byte[] payload) {
        return ByteBuffer.allocate(HEAD + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) type)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }
}
