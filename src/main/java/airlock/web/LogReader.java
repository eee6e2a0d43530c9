package airlock.web;

import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.results.StepKey;
import airlock.text.AnsiText;
import airlock.text.StyledText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Turns the chunks of a log, in their order, into text that may be shown. What a chunk's end
/// cuts (a colour, a character) goes on in the step's next chunk of the same stream.
///
/// Not for several threads.
final class LogReader {
    /// How much is read again before the place where a reader begins, so that it begins with the
    /// right colours, bytes.
    private static final int PRIMER = 16 << 10;

    private StepKey step = new StepKey(airlock.event.Phase.PRE_PLAN, 0, 0);
    private final Map<Integer, AnsiText> streams = new HashMap<>();

    /// What one chunk shows.
    ///
    /// @param next the offset of the chunk after it
    record Piece(StepKey step, int stream, Duration at, long next, List<StyledText> text) {}

    Piece read(LogChunk chunk) {
        if (!chunk.step().equals(step)) {
            step = chunk.step();
            streams.clear();
        }
        var parser = streams.computeIfAbsent(chunk.stream(), _ -> new AnsiText());
        return new Piece(step, chunk.stream(), chunk.at(), chunk.next(), parser.feed(chunk.text()));
    }

    /// Reads what comes before `offset`, for its colours only.
    void prime(LogSource.OpenLog log, long offset) {
        if (offset > 0) {
            for (var chunk : log.read(Math.max(0, offset - PRIMER), PRIMER)) {
                if (chunk.offset() < offset) {
                    read(chunk);
                }
            }
        }
    }
}
