package airlock.control;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The server's side of a shell: passes keys from the socket to the console, and output back. The
/// shell ends when the client disconnects.
record ShellSession(ControlLines lines, Console console) {
    /// How often we write to an idle client, to notice that it has disconnected.
    private static final Duration QUIET = Duration.ofSeconds(5);

    /// Serves until the shell ends or the client disconnects, then hangs up.
    void run() throws InterruptedException {
        var over = new CountDownLatch(1);
        var typing = Thread.ofVirtual().name("shell-keys").start(this::type);
        var asking = Thread.ofVirtual().name("shell-quiet").start(() -> ask(over));
        try {
            say();
        } finally {
            over.countDown();
            console.close();
            lines.close();
            typing.join();
            asking.join();
        }
    }

    /// While the shell reads no keys, only a write shows that the client has disconnected.
    private void ask(CountDownLatch over) {
        try {
            while (!over.await(QUIET.toMillis(), TimeUnit.MILLISECONDS)) {
                send(new ShellFrame.Bytes(new byte[0]));
            }
        } catch (UncheckedIOException _) {
            console.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void type() {
        try {
            while (typed()) {}
        } catch (ControlException _) {
            // a client that breaks the rules loses its shell
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            console.close();
        }
    }

    /// Takes one frame; returns false after the last one.
    private boolean typed() throws InterruptedException {
        var next = lines.frame();
        if (next.isEmpty()) {
            return false;
        }
        return switch (next.get()) {
            case ShellFrame.Bytes(byte[] keys) -> {
                console.keys(keys);
                yield true;
            }
            case ShellFrame.Size(int columns, int rows) -> {
                console.resize(columns, rows);
                yield true;
            }
            case ShellFrame.End() -> {
                console.endOfKeys();
                yield true;
            }
            case ShellFrame.Exit _, ShellFrame.Lost _ -> false;
        };
    }

    private void say() throws InterruptedException {
        try {
            while (true) {
                switch (console.hear()) {
                    case Console.Heard.Output(byte[] bytes) ->
                            ShellFrame.of(bytes).forEach(this::send);
                    case Console.Heard.Exited(int code) -> {
                        send(new ShellFrame.Exit(code));
                        return;
                    }
                    case Console.Heard.Lost(String why) -> {
                        send(new ShellFrame.Lost(why));
                        return;
                    }
                }
            }
        } catch (UncheckedIOException _) {
            // the client has gone
        }
    }

    private synchronized void send(ShellFrame frame) {
        lines.write(frame);
    }
}
