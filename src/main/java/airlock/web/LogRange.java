package airlock.web;

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
    /// How much text one page holds, bytes.
    static final int PAGE = 256 << 10;

    /// No log (yet).
    static final LogRange NONE = new LogRange(0, 0, 0, Map.of());

    /// Reads up to a page from `offset` on.
    static LogRange read(LogSource.RunLog log, long offset) {
        long size = log.size();
        var chunks = log.read(offset, PAGE);
        var reader = new LogReader();
        reader.prime(log, offset);
        Map<StepKey, LineBuilder> steps = new LinkedHashMap<>();
        for (var chunk : chunks) {
            var piece = reader.read(chunk);
            steps.computeIfAbsent(piece.step(), _ -> new LineBuilder()).add(piece);
        }
        Map<StepKey, List<LogLine>> lines = new LinkedHashMap<>();
        steps.forEach((step, builder) -> lines.put(step, builder.lines()));
        long from = chunks.isEmpty() ? Math.min(offset, size) : chunks.getFirst().offset();
        long to = chunks.isEmpty() ? from : chunks.getLast().next();
        return new LogRange(from, to, Math.max(size, to), lines);
    }

    /// The last page.
    static LogRange tail(LogSource.RunLog log) {
        return read(log, Math.max(0, log.size() - PAGE));
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
