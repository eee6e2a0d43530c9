package airlock.event;

/// A forge's description of a commit or change request, for people only.
///
/// @param title the first line of the message or the change request's title, at most 200
///     characters; may be empty
/// @param author may be empty
public record CommitSummary(String title, String author) {
    private static final int LONGEST = 200;

    public static final CommitSummary NONE = new CommitSummary("", "");

    public CommitSummary {
        title = firstLine(title);
        author = firstLine(author);
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        return line.codePointCount(0, line.length()) <= LONGEST
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }
}
