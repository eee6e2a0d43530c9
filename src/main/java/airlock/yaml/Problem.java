package airlock.yaml;

import airlock.text.SafeText;
import java.util.Comparator;

/// A mistake in a file, with a suggestion if there is one.
///
/// @param path such as `repositories[0].url`; empty for the file itself
/// @param what names the value too
/// @param expected may be empty
/// @param nearest the word that was probably meant, or empty
public record Problem(
        Severity severity,
        String file,
        Position at,
        String path,
        String what,
        String expected,
        String nearest) {
    public static final Comparator<Problem> ORDER =
            Comparator.<Problem>comparingInt(problem -> problem.at().line())
                    .thenComparingInt(problem -> problem.at().column())
                    .thenComparing(Problem::severity)
                    .thenComparing(Problem::path)
                    .thenComparing(Problem::what);

    private static final int LONGEST_PATH = 200;
    private static final int LONGEST = 500;

    /// A file with warnings only can be used.
    public enum Severity {
        ERROR,
        WARNING
    }

    public Problem {
        path = SafeText.line(path, LONGEST_PATH);
        what = SafeText.line(what, LONGEST);
        expected = SafeText.line(expected, LONGEST);
        nearest = SafeText.line(nearest, LONGEST_PATH);
    }

    /// One line in the style of compilers: `airlock.yaml:7:5: forges.a.tokn: unknown key (did you
    /// mean 'token'?)`.
    @Override
    public String toString() {
        var line = new StringBuilder().append(file).append(':').append(at).append(": ");
        if (severity == Severity.WARNING) {
            line.append("warning: ");
        }
        if (!path.isEmpty()) {
            line.append(path).append(": ");
        }
        line.append(what);
        if (!expected.isEmpty()) {
            line.append("; expected ").append(expected);
        }
        if (!nearest.isEmpty()) {
            line.append(" (did you mean '").append(nearest).append("'?)");
        }
        return line.toString();
    }
}
