package airlock.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The style of a piece of log text: all that is kept of ANSI sequences (H5).
///
/// @param foreground 0 to 15 in the usual order (black, red, green, yellow, blue, magenta, cyan,
///     white, then the bright ones), or [#NO_COLOUR]
/// @param background the same; dropped if it equals `foreground`, since that would hide the text
public record TextStyle(int foreground, int background, boolean bold) {
    public static final int NO_COLOUR = -1;

    public static final TextStyle PLAIN = new TextStyle(NO_COLOUR, NO_COLOUR, false);

    private static final int COLOURS = 16;

    public TextStyle {
        if (foreground < NO_COLOUR || foreground >= COLOURS) {
            throw new IllegalArgumentException("not a colour: " + foreground);
        }
        if (background < NO_COLOUR || background >= COLOURS) {
            throw new IllegalArgumentException("not a colour: " + background);
        }
        if (background == foreground) {
            background = NO_COLOUR;
        }
    }

    public boolean isPlain() {
        return equals(PLAIN);
    }

    /// The escape sequence that sets a terminal to exactly this style (ECMA-48, SGR).
    public String sgr() {
        var parts = new ArrayList<String>();
        parts.add("0");
        if (bold) {
            parts.add("1");
        }
        if (foreground != NO_COLOUR) {
            parts.add(String.valueOf(foreground < 8 ? 30 + foreground : 82 + foreground));
        }
        if (background != NO_COLOUR) {
            parts.add(String.valueOf(background < 8 ? 40 + background : 92 + background));
        }
        return "\u001b[" + String.join(";", parts) + "m";
    }

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
}
