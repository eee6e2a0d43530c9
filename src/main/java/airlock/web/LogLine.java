package airlock.web;

import airlock.results.LogChunk;
import airlock.text.StyledText;
import java.util.List;

/// A line of a log.
///
/// @param stream 1 for stdout, 2 for stderr, 3 for what bash shows of its commands, 0 for Airlock
/// @param at seconds since its phase's start, such as `12.3`
/// @param text without the line feed
/// @param ended whether the line feed came
public record LogLine(int stream, String at, List<StyledText> text, boolean ended) {
    public LogLine {
        text = List.copyOf(text);
    }

    /// Its classes on the page.
    public String css() {
        return switch (stream) {
            case LogChunk.STDERR -> "l e";
            case LogChunk.TRACE -> "l t";
            default -> "l";
        };
    }
}
