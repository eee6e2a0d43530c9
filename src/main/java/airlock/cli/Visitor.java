package airlock.cli;

import airlock.control.Console;
import airlock.control.Console.Heard;
import airlock.control.Console.Input;
import airlock.shell.RawTerminal;
import airlock.text.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Connects a user or script to a shell in a VM. On a terminal it passes every key, Ctrl-C too, and
/// the window's size; otherwise plain bytes.
///
/// @param shows whether `out` is a terminal
/// @param first called at the first output of the shell
record Visitor(InputStream in, OutputStream out, boolean shows, Runnable first) {
    /// How often to check the window's size, in milliseconds.
    private static final int LOOK = 200;

    /// How often to repeat the end of input, in seconds.
    private static final int AGAIN = 1;

    /// How the visit ended.
    ///
    /// @param code exit code of the shell, or [ExitCode#BROKE]
    /// @param why for people; empty if the shell exited
    record Left(int code, String why) {}

    /// Returns when the shell ends.
    ///
    /// @param terminal whether stdin is a terminal
    Left stay(Console console, boolean terminal) throws InterruptedException {
        var over = new CountDownLatch(1);
        try {
            if (!terminal) {
                return stay(console, over);
            }
            try (var _ = RawTerminal.take()) {
                Thread.ofVirtual().name("window").start(() -> follow(console, over));
                return stay(console, over);
            }
        } finally {
            over.countDown();
        }
    }

    private Left stay(Console console, CountDownLatch over) throws InterruptedException {
        // a read from a terminal cannot be ended, so this thread ends with the process
        Thread.ofPlatform().name("keys").daemon().start(() -> type(console, over));
        var filter = new ScreenFilter();
        boolean said = false;
        while (true) {
            switch (console.hear()) {
                case Heard.Output(byte[] bytes) -> {
                    show(shows ? filter.feed(bytes) : bytes);
                    if (!said) {
                        said = true;
                        first.run();
                    }
                }
                case Heard.Exited(int code) -> {
                    return new Left(code, "");
                }
                case Heard.Lost(String why) -> {
                    return new Left(ExitCode.BROKE, SafeText.line(why));
                }
            }
        }
    }

    private void show(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write what the shell says", e);
        }
    }

    private void type(Console console, CountDownLatch over) {
        byte[] buffer = new byte[8192];
        byte last = '\n';
        try {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                console.send(new Input.Keys(Arrays.copyOf(buffer, got)));
                last = got == 0 ? last : buffer[got - 1];
            }
            if (last != '\n' && last != '\r') {
                // line editors ignore the end of input within a line
                console.send(new Input.Keys(new byte[] {'\n'}));
            }
            // repeated, since a program that the shell runs takes one for itself
            do {
                console.send(new Input.End());
            } while (!over.await(AGAIN, TimeUnit.SECONDS));
        } catch (IOException _) {
            console.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void follow(Console console, CountDownLatch over) {
        var last = RawTerminal.size();
        try {
            while (!over.await(LOOK, TimeUnit.MILLISECONDS)) {
                var now = RawTerminal.size();
                if (!now.equals(last)) {
                    console.send(now);
                    last = now;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Filters what a VM's shell may do to the user's terminal: removes operating system commands
    /// (titles, the clipboard), device control strings and the like (ECMA-48, 5.6 and 8.3: OSC,
    /// DCS, SOS, PM, APC), in 7 and 8 bits. All else passes, so that full-screen programs work.
    static final class ScreenFilter {
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
}
