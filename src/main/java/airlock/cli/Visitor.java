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

/// A person, or a script, in a shell of a machine. With a terminal every key goes there, Ctrl-C
/// too, and the window's size; without one bytes are passed as they are.
final class Visitor {
    /// How often it is looked at the window's size, in milliseconds.
    private static final int LOOK = 200;

    /// After how many seconds a shell is told again that there are no more keys.
    private static final int AGAIN = 1;

    private final InputStream in;
    private final OutputStream out;
    private final boolean shows;
    private final Runnable first;

    /// @param in where keys come from
    /// @param out where the shell's output goes
    /// @param shows whether that is a terminal
    /// @param first called when the shell has said something
    Visitor(InputStream in, OutputStream out, boolean shows, Runnable first) {
        this.in = in;
        this.out = out;
        this.shows = shows;
        this.first = first;
    }

    /// How it ended.
    ///
    /// @param code the shell's, or that of a command that broke
    /// @param why for people, where the shell has no end of its own
    record Left(int code, String why) {}

    /// Stays until the shell ends.
    ///
    /// @param terminal whether stdin is one
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
        // nobody can end a read from a terminal, so this thread ends with the process
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
                // within a line, the end of input is none for who edits lines
                console.keys(new byte[] {'\n'});
            }
            // a program that the shell runs takes one for its own
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
