package airlock.web;

import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.text.StyledText;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Renders a range of a run's log for the API. Offsets are bytes of the log file, as in pages and
/// live logs.
final class ApiLog {
    /// Limits of one answer: bytes of JSON and chunks.
    private static final int MAX_JSON = 1 << 20;

    private static final int MAX_CHUNKS = 2000;
    private static final int PIECE = 32 << 10;

    /// Bytes of JSON that a chunk takes without its text.
    private static final int FIELDS = 160;

    private ApiLog() {}

    /// A run without a log.
    ///
    /// @param over whether the run has ended, so that no log will come
    static ObjectNode none(boolean over) {
        return json(0, 0, 0, over, List.of());
    }

    /// Reads from `from` on, up to the chunk that reaches `bytes` of the log or a limit above.
    static ObjectNode read(LogSource.OpenLog log, long from, long bytes) {
        boolean complete = log.isComplete(); // before the size: then nothing is added behind it
        long size = log.size();
        var reader = new LogReader();
        reader.prime(log, from);
        var chunks = new ArrayList<ObjectNode>();
        long first = Math.min(from, size);
        long at = from;
        long json = 0;
        while (json < MAX_JSON && chunks.size() < MAX_CHUNKS && at - from < bytes) {
            var piece = log.read(at, Math.min(PIECE, bytes - (at - from)));
            if (piece.isEmpty()) {
                break;
            }
            for (var chunk : piece) {
                String text = StyledText.plain(reader.read(chunk).text());
                first = chunks.isEmpty() ? chunk.offset() : first;
                chunks.add(chunk(chunk, text));
                json += FIELDS + length(text);
                at = chunk.next();
                if (json >= MAX_JSON || chunks.size() >= MAX_CHUNKS) {
                    break;
                }
            }
        }
        // clients need not wait for the rest of a frame that a crash cut short
        return chunks.isEmpty()
                ? json(first, first, first, complete, chunks)
                : json(first, at, Math.max(size, at), complete, chunks);
    }

    private static ObjectNode json(
            long from, long next, long size, boolean complete, List<ObjectNode> chunks) {
        return ApiJson.object()
                .put("from", from)
                .put("next", next)
                .put("size", size)
                .put("complete", complete)
                .set("chunks", ApiJson.array(chunks));
    }

    /// How many bytes a text takes in JSON that is only ASCII.
    private static int length(String text) {
        return text.chars()
                .map(c -> c >= 0x7f ? 6 : c < ' ' || c == '"' || c == '\\' ? 2 : 1)
                .sum();
    }

    private static ObjectNode chunk(LogChunk chunk, String text) {
        var step = chunk.step();
        return ApiJson.object()
                .put("offset", chunk.offset())
                .put("next", chunk.next())
                .put("phase", step.phase().key())
                .put("attempt", step.attempt())
                .put("step", step.isNotes() ? null : Integer.valueOf(step.step()))
                .put(
                        "stream",
                        switch (chunk.stream()) {
                            case 1 -> "stdout";
                            case LogChunk.STDERR -> "stderr";
                            case LogChunk.TRACE -> "trace";
                            default -> "airlock";
                        })
                .put("at_seconds", ApiJson.seconds(chunk.at()))
                .put("text", text);
    }
}
