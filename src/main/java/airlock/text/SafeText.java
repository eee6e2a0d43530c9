package airlock.text;

/// Makes foreign text safe for people to read in a terminal, on a page, in JSON, a log line or a
/// commit's status (H5). Characters that control a terminal, are invisible or change the direction
/// of writing become `�`. Lengths are in code points; a text that is cut ends in `…`, which counts.
public final class SafeText {
    /// The longest foreign text within one of our messages.
    public static final int SAID = 200;

    private static final char REPLACEMENT = '\ufffd';
    private static final int LONGEST_QUOTE = 60;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private SafeText() {}

    /// One line without spaces at its ends: line breaks and tabs become spaces.
    public static String line(String foreign) {
        return clean(foreign, Integer.MAX_VALUE, false).strip();
    }

    /// As [#line(String)], of at most `longest` characters.
    public static String line(String foreign, int longest) {
        return clean(foreign.strip(), longest, false).strip();
    }

    /// Like [#line(String, int)], but keeps spaces at the ends, for columns.
    public static String columns(String foreign, int longest) {
        return clean(foreign, longest, false);
    }

    /// Keeps line breaks and tabs.
    public static String lines(String foreign) {
        return clean(foreign, Integer.MAX_VALUE, true);
    }

    /// One line of at most 60 characters in single quotes.
    public static String quoted(String foreign) {
        return quoted(foreign, LONGEST_QUOTE);
    }

    /// One line of at most `longest` characters in single quotes.
    public static String quoted(String foreign, int longest) {
        return "'" + columns(foreign, longest) + "'";
    }

    /// Printable ASCII for protocols that carry nothing else; other characters become `?`.
    ///
    /// @param longest in bytes
    public static String ascii(String foreign, int longest) {
        var text = new StringBuilder();
        foreign.codePoints()
                .limit(longest)
                .forEach(c -> text.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return text.toString();
    }

    /// The first `longest` characters, or all of a shorter text.
    public static String cut(String text, int longest) {
        return text.codePointCount(0, text.length()) <= longest
                ? text
                : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
    }

    /// Whether a character must not be shown: controls (including line feed, carriage return and
    /// tab), bidirectional and other invisible formatting, line and paragraph separators, halves of
    /// surrogate pairs, non-characters, and code points that Unicode reserves for invisible
    /// characters. The two joiners are harmless: some scripts need them.
    public static boolean isHarmful(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            case Character.FORMAT ->
                    codePoint != ZERO_WIDTH_NON_JOINER && codePoint != ZERO_WIDTH_JOINER;
            case Character.UNASSIGNED -> isReserved(codePoint);
            default -> false;
        };
    }

    private static boolean isReserved(int c) {
        return (c & 0xFFFE) == 0xFFFE
                || (c >= 0xFDD0 && c <= 0xFDEF)
                || c == 0x2065
                || (c >= 0xFFF0 && c <= 0xFFF8)
                || (c >= 0xE0000 && c <= 0xE0FFF);
    }

    /// Reads only the part of a long text that is shown.
    private static String clean(String foreign, int longest, boolean keepLines) {
        var text = new StringBuilder(Math.min(foreign.length(), 200));
        int count = 0;
        for (int i = 0; i < foreign.length(); ) {
            int c = foreign.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\r') {
                if (i < foreign.length() && foreign.charAt(i) == '\n') {
                    i++;
                }
                c = '\n';
            }
            if (++count == longest && i < foreign.length()) {
                return text.append('…').toString();
            }
            if (c == '\n' || c == '\t') {
                text.append(keepLines ? (char) c : ' ');
            } else {
                text.appendCodePoint(isHarmful(c) ? REPLACEMENT : c);
            }
        }
        return text.toString();
    }
}
