package airlock.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;

/// The command line's end of a shell: sends what the person types, hears what the shell says.
/// One thread may send while another one hears.
record ShellLine(SocketChannel channel, ControlLines lines) implements Console {
    static final String GONE = "the server has gone, and the machine with it; its log may say why";

    @Override
    public void keys(byte[] bytes) {
        ShellFrame.of(bytes).forEach(this::send);
    }

    @Override
    public void resize(int columns, int rows) {
        send(new ShellFrame.Size(columns, rows));
    }

    @Override
    public void endOfKeys() {
        send(new ShellFrame.End());
    }

    private void send(ShellFrame frame) {
        synchronized (lines) {
            try {
                lines.write(frame);
            } catch (UncheckedIOException _) {
                // hear() reports that the server has gone
            }
        }
    }

    @Override
    public Heard hear() {
        try {
            while (true) {
                switch (lines.frame().orElse(new ShellFrame.Lost(GONE))) {
                    case ShellFrame.Bytes(byte[] bytes) when bytes.length == 0 -> {}
                    case ShellFrame.Bytes(byte[] bytes) -> {
                        return new Heard.Output(bytes);
                    }
                    case ShellFrame.Exit(int code) -> {
                        return new Heard.Exited(code);
                    }
                    case ShellFrame.Lost(String why) -> {
                        return new Heard.Lost(why);
                    }
                    case ShellFrame.Size _, ShellFrame.End _ -> {
                        return new Heard.Lost("the server said what only a person says");
                    }
                }
            }
        } catch (ControlException _) {
            return new Heard.Lost(GONE);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing is lost with it
        }
    }
}
