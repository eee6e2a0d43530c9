package airlock.web;

import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.text.StyledText;
import java.util.ArrayList;
import tools.jackson.databind.node.ObjectNode;

/// Renders a range of a run's log for the API. Offsets are bytes of the log file, as in pages and
/// live logs.
final class ApiLog {
    /// Limits of one answer: bytes of JSON and chunks.
    private static final int MAX_JSON = 1 << 20;

    private static final int MAX_CHUNKS = 2000;

    /// Bytes of JSON that a chunk takes without its text.
    private static final int FIELDS = 160;

    private ApiLog() {}

    /// Reads from `from` on, up to the chunk that reaches `bytes` of the log or a limit above.
    static ObjectNode read(OpenLog log, long from, long bytes) {
        boolean complete = log.isComplete(); // before the size: then nothing is added behind it
        long size = log.size();
        var reader = new LogReader();
        reader.prime(log, from);
        var chunks = new ArrayList<ObjectNode>();
        long first = Math.min(from, size);
        long at = first;
        long json = 0;
        for (var chunk : log.from(from)) {
            String text = StyledText.plain(reader.read(chunk).text());
            first = chunks.isEmpty() ? chunk.offset() : first;
            chunks.add(chunk(chunk, text));
            json += FIELDS + length(text);
            at = chunk.next();
            if (json >= MAX_JSON || chunks.size() >= MAX_CHUNKS || at - first >= bytes) {
                break;
            }
        }
        return ApiJson.object()
                .put("from", first)
                .put("next", at)
                // clients need not wait for the rest of a frame that a crash cut short
                .put("size", chunks.isEmpty() ? at : Math.max(size, at))
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
