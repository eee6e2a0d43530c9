package airlock.app;

import airlock.local.LocalRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Remembers all that a local run says.
public final class HeardRun implements LocalRun.Listener {
    public final List<String> notes = new ArrayList<>();
    public final StringBuilder log = new StringBuilder();

    /// The log with the number of its stream before each piece.
    public final StringBuilder numbered = new StringBuilder();

    @Override
    public void note(String line) {
        notes.add(line);
    }

    @Override
    public void log(String step, int stream, byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        log.append(text);
        numbered.append(stream).append(' ').append(text);
    }

    @Override
    public String toString() {
        return String.join("\n", notes) + "\n" + log;
    }
}
