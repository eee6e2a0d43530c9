package airlock.event;

import java.util.List;
import java.util.Locale;

/// The texts by which an author asks to skip tests of a commit: those that GitHub documents and
/// that are the defaults of Gitea and Forgejo (docs.github.com, "Skipping workflow runs").
public final class SkipMarks {
    private static final List<String> MARKS =
            List.of("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]");

    private SkipMarks() {}

    /// Whether `message` contains one in any case, or ends with the trailer `skip-checks: true`.
    public static boolean in(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return MARKS.stream().anyMatch(lower::contains) || hasTrailer(lower);
    }

    private static boolean hasTrailer(String lower) {
        String end = lower.strip();
        int paragraph = end.lastIndexOf("\n\n");
        return paragraph >= 0
                && end.substring(paragraph)
                        .lines()
                        .map(line -> line.replace(" ", ""))
                        .anyMatch("skip-checks:true"::equals);
    }
}
