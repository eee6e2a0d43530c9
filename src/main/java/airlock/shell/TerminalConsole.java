package airlock.shell;

import airlock.control.Console;
import airlock.phases.Shell;
import airlock.uplink.Terminal.Said;
import airlock.uplink.Terminal.WindowSize;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes the shell of a VM a [Console].
public final class TerminalConsole implements Console {
    /// Ctrl-D, the end of input for a shell (termios(3), VEOF).
    private static final byte[] END = {4};

    private final Shell shell;
    private final Consumer<String> left;
    private final Consumer<byte[]> typed;
    private Optional<String> because = Optional.empty();

    /// Used only by the thread that hears.
    private @Nullable Heard last;

    /// @param typed called with all keys
    /// @param left called once with how the visit ended
    public TerminalConsole(Shell shell, Consumer<byte[]> typed, Consumer<String> left) {
        this.shell = shell;
        this.typed = typed;
        this.left = left;
    }

    @Override
    public void send(Input input) throws InterruptedException {
        switch (input) {
            case Input.Keys(byte[] bytes) -> keys(bytes);
            case Input.End() -> keys(END);
            case Input.Size(int columns, int rows) -> {
                boolean _ = shell.terminal().resize(new WindowSize(columns, rows));
            }
        }
    }

    private void keys(byte[] bytes) throws InterruptedException {
        typed.accept(bytes);
        // a shell that has ended reports that to hear()
        boolean _ = shell.terminal().type(bytes, 0, bytes.length);
    }

    @Override
    public Heard hear() throws InterruptedException {
        if (last != null) {
            return last;
        }
        return switch (shell.terminal().next()) {
            case Said.Output(byte[] bytes) -> new Heard.Output(bytes);
            case Said.Exited(int code) -> ended(new Heard.Exited(code), "exited with " + code);
            case Said.Lost(String why) -> {
                String gone = because().orElseGet(shell.gone());
                String said = gone.isEmpty() ? why : gone;
                yield ended(new Heard.Lost(said), said);
            }
        };
    }

    private Heard ended(Heard end, String words) {
        last = end;
        close(words);
        return end;
    }

    private synchronized Optional<String> because() {
        return because;
    }

    @Override
    public void close() {
        close("the person has gone");
    }

    /// Ends the shell, for a reason that is shown to people.
    void close(String words) {
        synchronized (this) {
            if (because.isPresent()) {
                return;
            }
            because = Optional.of(words);
        }
        try {
            left.accept(words);
        } finally {
            shell.close();
        }
    }
}
