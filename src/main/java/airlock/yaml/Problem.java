package airlock.yaml;

import airlock.text.SafeText;
import java.util.Comparator;

/// Something wrong in a file, with its cure as far as one can be guessed.
///
/// @param file the file's name as its owner knows it
/// @param at where
/// @param path the keys that lead there, such as `repositories[0].url`; empty for the file itself
/// @param what what is wrong, with the value that is
/// @param expected what would be right, empty where `what` says it
/// @param nearest the known word that was probably meant, empty where there is none
public record Problem(
        Severity severity,
        String file,
        Position at,
        String path,
        String what,
        String expected,
        String nearest) {
    /// The order of the file.
    public static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::at)
                    .thenComparing(Problem::severity)
                    .thenComparing(Problem::path)
                    .thenComparing(Problem::what);

    private static final int LONGEST_PATH = 200;
    private static final int LONGEST = 500;

    /// Whether the file can be used in spite of it.
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

    /// All on one line, as compilers do: `airlock.yaml:7:5: forges.a.tokn: unknown key (did you
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
