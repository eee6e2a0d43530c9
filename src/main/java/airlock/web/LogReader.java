package airlock.web;

import airlock.results.StepKey;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.text.AnsiText;
import airlock.text.TextStyle.StyledText;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Turns the chunks of a log, in order, into text that is safe to show. Colours and characters that
/// the end of a chunk splits continue in the step's next chunk of the same stream.
///
/// Not thread-safe.
final class LogReader {
    /// Bytes to read before an offset, so that the text after it has the right colours.
    private static final int PRIMER = 16 << 10;

    private StepKey step = new StepKey(airlock.event.Phase.PRE_PLAN, 0, 0);
    private final Map<Integer, AnsiText> streams = new HashMap<>();

    record Piece(LogChunk chunk, List<StyledText> text) {
        StepKey step() {
            return chunk.step();
        }
    }

    @FunctionalInterface
    interface Sink {
        void accept(Piece piece) throws IOException;
    }

    /// Reads all that `log` has now.
    static void readAll(OpenLog log, Sink to) throws IOException {
        var reader = new LogReader();
        long end = log.size();
        for (var chunk : log.from(0)) {
            if (chunk.offset() >= end) {
                return;
            }
            to.accept(reader.read(chunk));
        }
    }

    Piece read(LogChunk chunk) {
        if (!chunk.step().equals(step)) {
            step = chunk.step();
            streams.clear();
        }
        var parser = streams.computeIfAbsent(chunk.stream(), _ -> new AnsiText());
        return new Piece(chunk, parser.feed(chunk.text()));
    }

    /// Reads the text before `offset` for its colours.
    void prime(OpenLog log, long offset) {
        if (offset > 0) {
            for (var chunk : log.read(Math.max(0, offset - PRIMER), PRIMER)) {
                if (chunk.offset() < offset) {
                    read(chunk);
                }
            }
        }
    }
}
