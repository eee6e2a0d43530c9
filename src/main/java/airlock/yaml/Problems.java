package airlock.yaml;

import airlock.yaml.Problem.Severity;
import java.util.ArrayList;
import java.util.List;

/// Collects the problems of one file, so that all are reported together. For one thread.
public final class Problems {
    /// Bounds the report about a hostile file.
    static final int MOST = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private int errors;
    private int warnings;

    public Problems(String file) {
        this.file = file;
    }

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
        // counted apart, so that warnings can't crowd out the error that makes the file invalid
        if ((severity == Severity.ERROR ? errors++ : warnings++) < MOST) {
            found.add(new Problem(severity, file, at, path, what, expected, nearest));
        }
    }

    boolean isFull() {
        return errors >= MOST;
    }

    /// Counts those beyond the limit too.
    public int errors() {
        return errors;
    }

    /// The first 100 errors in the order of the file.
    public List<Problem> listErrors() {
        return list(Severity.ERROR);
    }

    /// The first 100 warnings in the order of the file.
    public List<Problem> listWarnings() {
        return list(Severity.WARNING);
    }

    private List<Problem> list(Severity severity) {
        return found.stream()
                .filter(problem -> problem.severity() == severity)
                .sorted(Problem.ORDER)
                .toList();
    }
}
