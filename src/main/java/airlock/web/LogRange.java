package airlock.web;

import airlock.results.StepKey;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.text.TextStyle.StyledText;
import airlock.web.LogSection.LogLine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A part of a run's log, as pages show it.
///
/// @param to offset after its last byte
/// @param size of the log now
/// @param lines by step, in the order in which the steps wrote
public record LogRange(long from, long to, long size, Map<StepKey, List<LogLine>> lines) {
    /// Bytes of a log that one page shows.
    static final int PAGE = 256 << 10;

    /// Line ends and escapes on one page; each becomes an element or two.
    private static final int MARKS = 3000;

    static final LogRange NONE = new LogRange(0, 0, 0, Map.of());

    /// Reads a page from `offset` on.
    static LogRange read(OpenLog log, long offset) {
        long size = log.size();
        var chunks = new ArrayList<LogChunk>();
        long bytes = 0;
        long marks = 0;
        for (var chunk : log.from(offset)) {
            bytes += chunk.next() - chunk.offset();
            marks += marks(chunk);
            if (bytes > PAGE || (marks > MARKS && !chunks.isEmpty())) {
                break;
            }
            chunks.add(chunk);
        }
        return of(log, offset, size, chunks);
    }

    private static LogRange of(OpenLog log, long offset, long size, List<LogChunk> chunks) {
        var reader = new LogReader();
        reader.prime(log, chunks.isEmpty() ? offset : chunks.getFirst().offset());
        Map<StepKey, LineBuilder> steps = new LinkedHashMap<>();
        for (var chunk : chunks) {
            var piece = reader.read(chunk);
            steps.computeIfAbsent(piece.step(), _ -> new LineBuilder()).add(piece);
        }
        Map<StepKey, List<LogLine>> lines = new LinkedHashMap<>();
        steps.forEach((step, builder) -> lines.put(step, builder.lines()));
        long from = chunks.isEmpty() ? Math.min(offset, size) : chunks.getFirst().offset();
        long to = chunks.isEmpty() ? from : chunks.getLast().next();
        // the rest of a frame that a crash cut short is not a later page
        return new LogRange(from, to, chunks.isEmpty() ? to : Math.max(size, to), lines);
    }

    static LogRange tail(OpenLog log) {
        long size = log.size();
        long at = Math.max(0, size - PAGE);
        var chunks = new ArrayDeque<LogChunk>();
        long marks = 0;
        for (var chunk : log.from(at)) {
            chunks.add(chunk);
            marks += marks(chunk);
            while (marks > MARKS && chunks.size() > 1) {
                marks -= marks(chunks.remove());
            }
        }
        return of(log, at, size, List.copyOf(chunks));
    }

    private static int marks(LogChunk chunk) {
        int marks = 1;
        for (byte b : chunk.text()) {
            if (b == '\n' || b == '\r' || b == 0x1b || b == (byte) 0x9b) {
                marks++;
            }
        }
        return marks;
    }

    public boolean hasEarlier() {
        return from > 0;
    }

    public boolean hasLater() {
        return to < size;
    }

    public long earlier() {
        return Math.max(0, from - PAGE);
    }

    /// The steps with lines, in the order in which they wrote.
    public List<StepKey> steps() {
        return List.copyOf(lines.keySet());
    }

    public List<LogLine> of(StepKey step) {
        return lines.getOrDefault(step, List.of());
    }

    /// Assembles a step's pieces into lines. If the other stream writes before a line has ended, it
    /// starts a line of its own.
    static final class LineBuilder {
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
}
