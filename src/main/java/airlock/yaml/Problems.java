package airlock.yaml;

import airlock.yaml.Problem.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Collects what is wrong in one file, so that everything can be shown together. For one thread.
public final class Problems {
    /// A hostile file must not make a page of a million lines.
    static final int MOST = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private int errors;
    private int warnings;

    /// @param file the name that the problems show
    public Problems(String file) {
        this.file = file;
    }

    /// The whole file as a place.
    public Place top() {
        return new Place(this, Position.START, "", true);
    }

    void add(
            Severity severity,
            Position at,
            String path,
            String what,
            String expected,
            String nearest) {
        // each has its own count: warnings must not crowd out the error that makes the file invalid
        int before =
                switch (severity) {
                    case ERROR -> errors++;
                    case WARNING -> warnings++;
                };
        if (before < MOST) {
            found.add(new Problem(severity, file, at, path, what, expected, nearest));
        }
    }

    /// Whether further errors are only counted.
    boolean isFull() {
        return errors >= MOST;
    }

    /// How many errors there are, shown or not.
    public int errors() {
        return errors;
    }

    /// The errors in the order of the file, at most 100.
    public List<Problem> listErrors() {
        return list(Severity.ERROR);
    }

    /// The warnings in the order of the file, at most 100.
    public List<Problem> listWarnings() {
        return list(Severity.WARNING);
    }

    private List<Problem> list(Severity severity) {
        return found.stream()
                .filter(problem -> problem.severity() == severity)
                .sorted(Problem.ORDER)
                .toList();
    }

    /// Problems one a line, under a line that counts them.
    public static String show(String subject, List<Problem> problems) {
        return problems.stream()
                .map(problem -> "  " + problem)
                .collect(
                        Collectors.joining(
                                "\n",
                                "%s has %d problem%s:\n"
                                        .formatted(
                                                subject,
                                                problems.size(),
                                                problems.size() == 1 ? "" : "s"),
                                "\n"));
    }
}
