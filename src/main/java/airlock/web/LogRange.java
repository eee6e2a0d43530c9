package airlock.web;

import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.results.StepKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A part of a run's log, ready to be shown.
///
/// @param from the offset of its first byte
/// @param to the offset behind its last byte
/// @param size how long the log is by now
/// @param lines by step, in the order in which the steps wrote
public record LogRange(long from, long to, long size, Map<StepKey, List<LogLine>> lines) {
    /// How much of a log one page holds, bytes.
    static final int PAGE = 256 << 10;

    /// How many line ends and escapes; each becomes an element or two.
    private static final int MARKS = 3000;

    private static final int PIECE = 32 << 10;

    /// No log (yet).
    static final LogRange NONE = new LogRange(0, 0, 0, Map.of());

    /// Reads up to a page from `offset` on.
    static LogRange read(LogSource.OpenLog log, long offset) {
        long size = log.size();
        var chunks = new ArrayList<LogChunk>();
        long at = offset;
        long bytes = 0;
        long marks = 0;
        for (var piece = log.read(at, PIECE); !piece.isEmpty(); piece = log.read(at, PIECE)) {
            for (var chunk : piece) {
                bytes += chunk.next() - chunk.offset();
                marks += marks(chunk);
                if (bytes > PAGE || (marks > MARKS && !chunks.isEmpty())) {
                    return of(log, offset, size, chunks);
                }
                chunks.add(chunk);
            }
            at = chunks.getLast().next();
        }
        return of(log, offset, size, chunks);
    }

    private static LogRange of(
            LogSource.OpenLog log, long offset, long size, List<LogChunk> chunks) {
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
        // a frame that a crash cut short is no later page
        return new LogRange(from, to, chunks.isEmpty() ? to : Math.max(size, to), lines);
    }

    /// The last page.
    static LogRange tail(LogSource.OpenLog log) {
        long size = log.size();
        long at = Math.max(0, size - PAGE);
        var chunks = new ArrayDeque<LogChunk>();
        long marks = 0;
        for (var piece = log.read(at, PIECE); !piece.isEmpty(); piece = log.read(at, PIECE)) {
            for (var chunk : piece) {
                chunks.add(chunk);
                marks += marks(chunk);
            }
            while (marks > MARKS && chunks.size() > 1) {
                marks -= marks(chunks.remove());
            }
            at = chunks.getLast().next();
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

    /// Whether something comes before it.
    public boolean hasEarlier() {
        return from > 0;
    }

    /// Whether something comes after it.
    public boolean hasLater() {
        return to < size;
    }

    /// Where the page before it begins.
    public long earlier() {
        return Math.max(0, from - PAGE);
    }

    /// The steps that wrote in it.
    public List<StepKey> steps() {
        return new ArrayList<>(lines.keySet());
    }

    /// What a step wrote in it.
    public List<LogLine> of(StepKey step) {
        return lines.getOrDefault(step, List.of());
    }
}
