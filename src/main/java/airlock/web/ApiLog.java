package airlock.web;

import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.text.StyledText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A range of a run's log, as the API gives it. Offsets are bytes of the log file, those of the
/// pages and of the live log.
///
/// @param from where the first chunk begins
/// @param next where to go on reading
/// @param size how long the log is by now
/// @param complete whether nothing will be added to what ends at `size`
record ApiLog(long from, long next, long size, boolean complete, List<Chunk> chunks) {
    ApiLog {
        chunks = List.copyOf(chunks);
    }

    /// What a step wrote at once.
    ///
    /// @param step its index in the phase, null where Airlock itself speaks
    /// @param stream `stdout`, `stderr`, `trace` or `airlock`
    /// @param atSeconds since the start of the phase
    /// @param text without any escape sequence
    record Chunk(
            long offset,
            long next,
            String phase,
            int attempt,
            @Nullable Integer step,
            String stream,
            double atSeconds,
            String text) {}

    /// No log, and there will be none once its run is over.
    static ApiLog none(boolean over) {
        return new ApiLog(0, 0, 0, over, List.of());
    }

    /// How long an answer gets, bytes of JSON, and how many chunks it has.
    private static final int MOST_JSON = 1 << 20;

    private static final int MOST_CHUNKS = 2000;
    private static final int PIECE = 32 << 10;

    /// What a chunk's fields but its text take, bytes of JSON.
    private static final int FIELDS = 160;

    /// Reads from `from` on, up to the chunk that fills `bytes` of the log or the answer.
    static ApiLog read(LogSource.OpenLog log, long from, long bytes) {
        boolean complete = log.isComplete(); // before the size, so that nothing comes after it
        long size = log.size();
        var reader = new LogReader();
        reader.prime(log, from);
        var chunks = new ArrayList<Chunk>();
        long at = from;
        long json = 0;
        while (json < MOST_JSON && chunks.size() < MOST_CHUNKS && at - from < bytes) {
            var piece = log.read(at, Math.min(PIECE, bytes - (at - from)));
            if (piece.isEmpty()) {
                break;
            }
            for (var raw : piece) {
                var chunk = chunk(raw, reader);
                chunks.add(chunk);
                json += FIELDS + json(chunk.text());
                at = raw.next();
                if (json >= MOST_JSON || chunks.size() >= MOST_CHUNKS) {
                    break;
                }
            }
        }
        long first = chunks.isEmpty() ? Math.min(from, size) : chunks.getFirst().offset();
        long next = chunks.isEmpty() ? first : chunks.getLast().next();
        // a frame that a crash cut short is nothing to wait for
        return new ApiLog(
                first, next, chunks.isEmpty() ? next : Math.max(size, next), complete, chunks);
    }

    /// How long a text is in JSON that is pure ASCII.
    private static int json(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c >= 0x7f ? 6 : c < ' ' || c == '"' || c == '\\' ? 2 : 1;
        }
        return length;
    }

    private static Chunk chunk(LogChunk chunk, LogReader reader) {
        var piece = reader.read(chunk);
        var step = piece.step();
        return new Chunk(
                chunk.offset(),
                chunk.next(),
                step.phase().key(),
                step.attempt(),
                step.isNotes() ? null : step.step(),
                switch (piece.stream()) {
                    case 1 -> "stdout";
                    case LogChunk.STDERR -> "stderr";
                    case LogChunk.TRACE -> "trace";
                    default -> "airlock";
                },
                piece.at().toMillis() / 1000.0,
                StyledText.plain(piece.text()));
    }
}
