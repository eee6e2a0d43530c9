package airlock.web;

import airlock.results.StoredLogs.LogChunk;
import airlock.text.StyledText;
import java.util.List;

/// A line of a log.
///
/// @param stream as in [LogChunk]
/// @param at seconds since the start of its phase, such as `12.3`
/// @param text without the line feed
/// @param ended whether it has its line feed
public record LogLine(int stream, String at, List<StyledText> text, boolean ended) {
    public LogLine {
        text = List.copyOf(text);
    }

    /// Its CSS classes.
    public String css() {
        return switch (stream) {
            case LogChunk.STDERR -> "l e";
            case LogChunk.TRACE -> "l t";
            default -> "l";
        };
    }
}
