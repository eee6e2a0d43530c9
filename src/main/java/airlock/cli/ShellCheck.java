package airlock.cli;

import airlock.base.Json;
import airlock.event.Phase;
import airlock.program.Program;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Runs `shellcheck` on the `shell` actions of a plan file. It runs nothing of theirs, but it is a
/// large program that parses strangers' text: only for a developer's own machine (H6).
final class ShellCheck {
    /// Runs before the text of a `shell` action.
    private static final String BEFORE = "set -xeuo pipefail\n";

    private final String program;

    ShellCheck() {
        this("shellcheck");
    }

    /// @param program name or path
    ShellCheck(String program) {
        this.program = program;
    }

    /// Adds a warning for each finding; returns false if shellcheck is not installed.
    ///
    /// @param lines of the file
    boolean warn(Node top, Place place, List<String> lines) {
        try {
            for (Phase phase : Phase.values()) {
                if (top instanceof Node.Mapping mapping
                        && mapping.find(phase.key()).isPresent()
                        && mapping.find(phase.key()).get().value()
                                instanceof Node.Sequence actions) {
                    warn(actions, place.key(phase.key(), actions.at()), lines);
                }
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void warn(Node.Sequence actions, Place place, List<String> lines) throws IOException {
        for (int i = 0; i < actions.items().size(); i++) {
            if (actions.items().get(i) instanceof Node.Mapping action
                    && action.find("shell").isPresent()
                    && action.find("shell").get().value() instanceof Node.Scalar text
                    && isForBash(action)) {
                var here = place.item(i, action.at()).key("shell", text.at());
                warn(text, here, lines);
            }
        }
    }

    private static boolean isForBash(Node.Mapping action) {
        return action.find("with")
                .map(Node.Entry::value)
                .map(with -> with instanceof Node.Scalar name && name.text().equals("bash"))
                .orElse(true);
    }

    private void warn(Node.Scalar text, Place place, List<String> lines) throws IOException {
        for (JsonNode finding : findings(text.text())) {
            int line = finding.path("line").asInt(0) - 1;
            int column = finding.path("column").asInt(0);
            String what =
                    "shellcheck: SC%d (%s): %s"
                            .formatted(
                                    finding.path("code").asInt(0),
                                    finding.path("level").asString(""),
                                    finding.path("message").asString(""));
            if (isBlock(text, lines)) {
                place.at(position(text, line, column, lines)).warning(what);
            } else {
                place.warning("line %d of the text, %s".formatted(line, what));
            }
        }
    }

    private Iterable<JsonNode> findings(String text) throws IOException {
        var process =
                Program.of(List.of(program, "--norc", "-s", "bash", "-f", "json1", "-"))
                        .withoutErrors()
                        .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write((BEFORE + text).getBytes(StandardCharsets.UTF_8));
        }
        try (var answer = process.getInputStream()) {
            return Json.read(answer.readAllBytes()).path("comments");
        } catch (JacksonException e) {
            throw new UncheckedIOException(new IOException("shellcheck answered nonsense", e));
        } finally {
            Program.end(process);
        }
    }

    /// Whether it is a literal block, whose lines are lines of the file.
    private static boolean isBlock(Node.Scalar text, List<String> lines) {
        return character(lines, text.at()) == '|';
    }

    private static Position position(Node.Scalar text, int line, int column, List<String> lines) {
        int at = text.at().line() + line;
        String there = at <= lines.size() ? lines.get(at - 1) : "";
        String own = text.text().lines().skip(line - 1L).findFirst().orElse("");
        int indentation = Math.max(0, there.length() - own.length());
        return new Position(at, indentation + column);
    }

    private static char character(List<String> lines, Position at) {
        String line = at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
        int index = at.column() - 1;
        return index < line.length() ? line.charAt(index) : ' ';
    }
}
