package airlock.web;

import airlock.event.StyledText;
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
    /// @param stream `stdout`, `stderr` or `airlock`
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

    /// Reads from `from` on, up to the chunk that fills `bytes`.
    static ApiLog read(LogSource.RunLog log, long from, long bytes) {
        boolean complete = log.isComplete(); // before the size, so that nothing comes after it
        long size = log.size();
        var reader = new LogReader();
        reader.prime(log, from);
        var chunks = log.read(from, bytes).stream().map(chunk -> chunk(chunk, reader)).toList();
        long first = chunks.isEmpty() ? Math.min(from, size) : chunks.getFirst().offset();
        long next = chunks.isEmpty() ? first : chunks.getLast().next();
        return new ApiLog(first, next, Math.max(size, next), complete, chunks);
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
                    case 2 -> "stderr";
                    default -> "airlock";
                },
                piece.at().toMillis() / 1000.0,
                StyledText.plain(piece.text()));
    }
}
