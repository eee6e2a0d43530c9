package airlock.web;

import airlock.text.StyledText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Assembles a step's pieces into lines. If the other stream writes before a line has ended, it
/// starts a line of its own.
final class LineBuilder {
    private final List<LogLine> lines = new ArrayList<>();
    private final List<StyledText> open = new ArrayList<>();
    private boolean isOpen;
    private int stream;
    private String at = "";

    void add(LogReader.Piece piece) {
        if (isOpen && stream != piece.chunk().stream()) {
            close(false);
        }
        stream = piece.chunk().stream();
        for (var text : piece.text()) {
            String[] parts = text.text().split("\n", -1);
            for (int i = 0; i < parts.length; i++) {
                boolean ended = i < parts.length - 1;
                if (ended || !parts[i].isEmpty()) {
                    append(new StyledText(text.style(), parts[i]), piece.chunk().at());
                }
                if (ended) {
                    close(true);
                }
            }
        }
    }

    List<LogLine> lines() {
        if (isOpen) {
            close(false);
        }
        return List.copyOf(lines);
    }

    /// Seconds with one decimal.
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }

    private void append(StyledText text, Duration time) {
        if (!isOpen) {
            isOpen = true;
            at = seconds(time);
        }
        if (!text.text().isEmpty()) {
            open.add(text);
        }
    }

    private void close(boolean ended) {
        lines.add(new LogLine(stream, at, open, ended));
        open.clear();
        isOpen = false;
    }
}
