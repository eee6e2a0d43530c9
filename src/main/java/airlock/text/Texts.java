package airlock.text;

/// Makes text that somebody else wrote fit to be shown (H5): without control characters, which a
/// terminal would obey, and without the invisible ones that make a reader see something else than
/// what is there.
public final class Texts {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Texts() {}

    /// One line: line breaks and tabs become spaces, the ends are stripped.
    public static String line(String foreign) {
        return clean(foreign, false).strip();
    }

    /// Any number of lines: line feeds and tabs stay.
    public static String lines(String foreign) {
        return clean(foreign, true);
    }

    /// Whether a character must not be shown: controls, bidirectional and other invisible
    /// formatting, line and paragraph separators, halves of surrogate pairs, non-characters. Line
    /// feed, carriage return and tab are among them. The two joiners are not: some scripts can't be
    /// written without.
    public static boolean isHarmful(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            case Character.FORMAT ->
                    codePoint != ZERO_WIDTH_NON_JOINER && codePoint != ZERO_WIDTH_JOINER;
            default ->
                    (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
        };
    }

    private static String clean(String foreign, boolean keepLines) {
        var text = new StringBuilder(foreign.length());
        foreign.codePoints()
                .forEach(
                        c -> {
                            if (c == '\n' || c == '\t') {
                                text.appendCodePoint(keepLines ? c : ' ');
                            } else if (c == '\r') {
                                text.append(keepLines ? "" : " ");
                            } else if (!isHarmful(c)) {
                                text.appendCodePoint(c);
                            }
                        });
        return text.toString();
    }
}
