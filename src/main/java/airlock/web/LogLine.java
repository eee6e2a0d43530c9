package airlock.web;

import airlock.event.StyledText;
import java.util.List;

/// A line of a log.
///
/// @param stderr whether it was written to stderr
/// @param at seconds since its phase's start, such as `12.3`
/// @param text without the line feed
/// @param ended whether the line feed came
public record LogLine(boolean stderr, String at, List<StyledText> text, boolean ended) {
    public LogLine {
        text = List.copyOf(text);
    }
}
