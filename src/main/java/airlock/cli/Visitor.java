package airlock.cli;

import airlock.control.Console;
import airlock.control.Console.Heard;
import airlock.shell.RawTerminal;
import airlock.shell.TerminalSize;
import airlock.text.SafeText;
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
                console.keys(Arrays.copyOf(buffer, got));
                last = got == 0 ? last : buffer[got - 1];
            }
            if (last != '\n' && last != '\r') {
                // line editors ignore the end of input within a line
                console.keys(new byte[] {'\n'});
            }
            // repeated, since a program that the shell runs takes one for itself
            do {
                console.endOfKeys();
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
                TerminalSize now = RawTerminal.size();
                if (!now.equals(last)) {
                    console.resize(now.columns(), now.rows());
                    last = now;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
