package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/// A person at a terminal, who types and reads.
public final class Screen {
    private final Terminal terminal;
    private final StringBuilder text = new StringBuilder();
    private int seen;

    public Screen(Terminal terminal) {
        this.terminal = terminal;
    }

    public void type(String keys) throws InterruptedException {
        byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
        assertThat(terminal.type(bytes, 0, bytes.length)).isTrue();
    }

    /// Reads on until these words have come.
    public String until(String words) throws InterruptedException {
        while (text.indexOf(words, seen) < 0) {
            switch (terminal.next()) {
                case Terminal.Said.Output(byte[] bytes) ->
                        text.append(new String(bytes, StandardCharsets.ISO_8859_1));
                case Terminal.Said.Exited(int code) ->
                        throw new AssertionError("ended with " + code + " after " + text);
                case Terminal.Said.Lost(var why) ->
                        throw new AssertionError(why + " after " + text);
            }
        }
        int begin = seen;
        seen = text.indexOf(words, seen) + words.length();
        return text.substring(begin, seen);
    }

    /// Reads until the shell's end.
    public int code() throws InterruptedException {
        while (true) {
            switch (terminal.next()) {
                case Terminal.Said.Output(byte[] bytes) ->
                        text.append(new String(bytes, StandardCharsets.ISO_8859_1));
                case Terminal.Said.Exited(int code) -> {
                    return code;
                }
                case Terminal.Said.Lost(var why) ->
                        throw new AssertionError(why + " after " + text);
            }
        }
    }

    /// The whole output.
    public String text() {
        return text.toString();
    }
}
