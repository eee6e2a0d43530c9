package airlock.cli;

import java.io.ByteArrayOutputStream;

/// Filters what a VM's shell may do to the user's terminal: removes operating system commands
/// (titles, the clipboard), device control strings and the like (ECMA-48, 5.6 and 8.3: OSC, DCS,
/// SOS, PM, APC), in 7 and 8 bits. All else passes, so that full-screen programs work.
final class ScreenFilter {
    private static final int ESCAPE = 0x1b;
    private static final int BELL = 0x07;
    private static final int CANCEL = 0x18;
    private static final int SUBSTITUTE = 0x1a;

    /// The first byte of U+0080 to U+009F in UTF-8.
    private static final int HIGH = 0xc2;

    /// ST (string terminator), as the byte after HIGH.
    private static final int TERMINATOR = 0x9c;

    /// Bytes after ESC that begin such a string; in 8 bits they are 0x40 more.
    private static final String BEGINNINGS = "PX]^_";

    private State state = State.PLAIN;

    private enum State {
        PLAIN,
        ESCAPED,
        HIGH,
        WITHIN,
        WITHIN_ESCAPED,
        WITHIN_HIGH
    }

    /// Returns the part of the next bytes that may be shown.
    byte[] feed(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length);
        for (byte b : bytes) {
            take(Byte.toUnsignedInt(b), out);
        }
        return out.toByteArray();
    }

    private void take(int b, ByteArrayOutputStream out) {
        switch (state) {
            case PLAIN -> plain(b, out);
            case ESCAPED -> second(b, ESCAPE, 0, out);
            case HIGH -> second(b, HIGH, 0x40, out);
            case WITHIN -> state = within(b);
            case WITHIN_ESCAPED -> {
                // ESC ends the string; a backslash completes ST, else another sequence begins
                state = State.PLAIN;
                if (b != '\\') {
                    second(b, ESCAPE, 0, out);
                }
            }
            case WITHIN_HIGH -> state = b == TERMINATOR ? State.PLAIN : within(b);
        }
    }

    private void plain(int b, ByteArrayOutputStream out) {
        switch (b) {
            case ESCAPE -> state = State.ESCAPED;
            case HIGH -> state = State.HIGH;
            default -> out.write(b);
        }
    }

    /// Takes the byte after `first`, which was held back.
    private void second(int b, int first, int shift, ByteArrayOutputStream out) {
        if (BEGINNINGS.indexOf(b - shift) >= 0) {
            state = State.WITHIN;
            return;
        }
        // an incomplete sequence must not combine with bytes that follow a removed string
        if (first == ESCAPE ? b != ESCAPE && b != HIGH : b >= 0x80 && b < 0xc0) {
            out.write(first);
        }
        state = State.PLAIN;
        plain(b, out);
    }

    private static State within(int b) {
        return switch (b) {
            case BELL, CANCEL, SUBSTITUTE -> State.PLAIN;
            case ESCAPE -> State.WITHIN_ESCAPED;
            case HIGH -> State.WITHIN_HIGH;
            default -> State.WITHIN;
        };
    }
}
