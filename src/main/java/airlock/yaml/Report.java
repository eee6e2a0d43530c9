package airlock.yaml;

import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Problems with the lines of the file that they stand in, as compilers show them:
///
/// ```
/// .airlock.yaml:3:5: plan[0].shel: unknown key; expected one of action, shell
///   3 |     shel: make check
///     |     ^
/// ```
public final class Report {
    private static final int WIDTH = 120;

    /// What is shown of a longer line before the place that is meant.
    private static final int BEFORE = 60;

    private final List<String> lines;

    /// @param bytes the file; what is no UTF-8 shows as `�`, and so does a tab
    public Report(byte[] bytes) {
        lines = List.of(new String(bytes, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1));
    }

    /// All of them, an empty line between two.
    public String of(List<Problem> problems) {
        return problems.stream().map(this::of).collect(Collectors.joining("\n"));
    }

    /// One, ending with a line break.
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
