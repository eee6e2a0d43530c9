package airlock.cli;

import airlock.text.AnsiText;
import airlock.text.TextStyle.StyledText;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Prints a log as it arrives, without escape sequences, but with colours on a terminal. Each
/// stream of each step is parsed separately, so that unfinished sequences do not affect others.
/// Lines of Airlock start on a new line.
final class LogPrinter {
    private static final int HOST = 0;

    private final PrintWriter out;
    private final boolean colours;
    private final Map<Integer, AnsiText> streams = new HashMap<>();
    private String step = "";
    private boolean atLineStart = true;

    LogPrinter(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /// @param of the step, by a name that differs from that of the step before
    /// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 Airlock
    void print(String of, int stream, byte[] bytes) {
        if (!of.equals(step)) {
            finish();
            step = of;
        }
        if (stream == HOST && !atLineStart) {
            out.println();
            atLineStart = true;
        }
        show(streams.computeIfAbsent(stream, _ -> new AnsiText()).feed(bytes));
        out.flush();
    }

    /// Prints what the streams have held back.
    void finish() {
        streams.values().forEach(stream -> show(stream.end()));
        streams.clear();
        out.flush();
    }

    private void show(List<StyledText> pieces) {
        String plain = StyledText.plain(pieces);
        if (!plain.isEmpty()) {
            out.print(colours ? StyledText.forTerminal(pieces) : plain);
            atLineStart = plain.endsWith("\n");
        }
    }
}
