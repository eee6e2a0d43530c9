package airlock.shell;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reconstructs typed lines from keys. What the shell does with tabs and arrow keys is unknown
/// here, so they are shown as `⇥`, `↑` and `↓`.
final class TypedLines {
    private static final int MOST = 1000;
    private static final int LONGEST = 4096;
    private static final int ESCAPE = 0x1b;
    private static final int DELETE = 0x7f;
    private static final int BACKSPACE = 0x08;
    private static final int WORD = 0x17;
    private static final int LINE = 0x15;
    private static final int INTERRUPT = 0x03;
    private static final int SPACE = 0x20;
    private static final int LAST = 0x7e;

    private final List<String> lines = new ArrayList<>();
    private byte[] line = new byte[LONGEST];
    private int length;
    private State state = State.PLAIN;

    private enum State {
        PLAIN,
        ESCAPED,
        SEQUENCE
    }

    /// Takes the next keys.
    synchronized void add(byte[] keys) {
        for (byte key : keys) {
            take(Byte.toUnsignedInt(key));
        }
    }

    /// The lines so far, oldest first, without empty ones.
    synchronized List<String> all() {
        return List.copyOf(lines);
    }

    private void take(int key) {
        switch (state) {
            case PLAIN -> plain(key);
            case ESCAPED -> state = key == '[' || key == 'O' ? State.SEQUENCE : State.PLAIN;
            case SEQUENCE -> sequence(key);
        }
    }

    /// ECMA-48, 5.4: a control sequence ends with a byte from 0x40 on.
    private void sequence(int key) {
        if (key < '@' || key > LAST) {
            return;
        }
        state = State.PLAIN;
        if (key == 'A' || key == 'B') {
            put(key == 'A' ? "↑" : "↓");
        }
    }

    private void plain(int key) {
        switch (key) {
            case ESCAPE -> state = State.ESCAPED;
            case '\r', '\n' -> end();
            case '\t' -> put("⇥");
            case DELETE, BACKSPACE -> back();
            case WORD -> word();
            case LINE, INTERRUPT -> length = 0;
            default -> {
                if (key >= SPACE && length < LONGEST) {
                    line[length++] = (byte) key;
                }
            }
        }
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (length + bytes.length <= LONGEST) {
            System.arraycopy(bytes, 0, line, length, bytes.length);
            length += bytes.length;
        }
    }

    /// Deletes one character of UTF-8.
    private void back() {
        while (length > 0 && (line[length - 1] & 0xc0) == 0x80) {
            length--;
        }
        length = Math.max(0, length - 1);
    }

    private void word() {
        while (length > 0 && line[length - 1] == ' ') {
            length--;
        }
        while (length > 0 && line[length - 1] != ' ') {
            length--;
        }
    }

    private void end() {
        String text = new String(Arrays.copyOf(line, length), StandardCharsets.UTF_8).strip();
        length = 0;
        if (!text.isEmpty() && lines.size() < MOST) {
            lines.add(text);
        }
    }
}
