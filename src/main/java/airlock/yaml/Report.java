package airlock.yaml;

import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Formats problems with excerpts of the file, as compilers do:
///
/// ```
/// .airlock.yaml:3:5: plan[0].shel: unknown key; expected one of action, shell
///   3 |     shel: make check
///     |     ^
/// ```
public final class Report {
    private static final int WIDTH = 120;

    /// How much of a long line is shown before the position.
    private static final int BEFORE = 60;

    private final List<String> lines;

    /// Invalid UTF-8 and tabs show as `�`.
    public Report(byte[] bytes) {
        lines = List.of(new String(bytes, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1));
    }

    /// All problems, separated by an empty line.
    public String of(List<Problem> problems) {
        return problems.stream().map(this::of).collect(Collectors.joining("\n"));
    }

    /// One problem, ending with a line break.
    public String of(Problem problem) {
        int line = problem.at().line();
        if (line > lines.size() || lines.get(line - 1).isBlank()) {
            return problem + "\n";
        }
        return problem + "\n" + excerpt(lines.get(line - 1), problem.at());
    }

    private static String excerpt(String line, Position at) {
        int[] all = line.codePoints().toArray();
        int column = Math.min(at.column() - 1, all.length);
        int from = Math.max(0, column - BEFORE);
        String start = from == 0 ? "" : "…";
        String shown = SafeText.columns(new String(all, from, all.length - from), WIDTH);
        String number = Integer.toString(at.line());
        return "  %s | %s%s\n  %s | %s^\n"
                .formatted(
                        number,
                        start,
                        shown,
                        " ".repeat(number.length()),
                        " ".repeat(start.length() + column - from));
    }
}
