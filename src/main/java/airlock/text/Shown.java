package airlock.text;

/// Makes others' text fit to be shown on one line of a terminal or a page: control characters,
/// invisible ones and those that turn the direction of writing become `�`.
public final class Shown {
    private static final int LONGEST_QUOTE = 60;

    private Shown() {}

    /// `text` in single quotes, cut after 60 characters.
    public static String quoted(String text) {
        return "'" + line(text, LONGEST_QUOTE) + "'";
    }

    /// `text` on one line of at most `longest` characters; what is cut off shows as `…`.
    public static String line(String text, int longest) {
        var shown = new StringBuilder();
        int count = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            count++;
            if (count == longest && i < text.length()) {
                return shown.append('…').toString();
            }
            shown.appendCodePoint(fits(c) ? c : 0xfffd);
        }
        return shown.toString();
    }

    private static boolean fits(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
