package airlock.text;

import java.util.List;
import java.util.stream.Collectors;

/// A piece of log text and its style.
///
/// @param text without controls but line feed and tab
public record StyledText(TextStyle style, String text) {

    /// The pieces with escape sequences for a terminal.
    public static String forTerminal(List<StyledText> pieces) {
        return pieces.stream()
                .map(
                        piece ->
                                piece.style().isPlain()
                                        ? piece.text()
                                        : piece.style().sgr()
                                                + piece.text()
                                                + TextStyle.PLAIN.sgr())
                .collect(Collectors.joining());
    }

    public static String plain(List<StyledText> pieces) {
        return pieces.stream().map(StyledText::text).collect(Collectors.joining());
    }
}
