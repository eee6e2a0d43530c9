package airlock.cli;

import airlock.base.Json;
import airlock.config.HostName;
import airlock.config.PhaseNetwork;
import airlock.config.RepositoryConfig;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.program.Program;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import airlock.yaml.Problem;
import airlock.yaml.Problems;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Finds errors and likely mistakes in a plan file.
///
/// @param repository if given, the plan is also checked against its targets, mirrors and network
/// @param shells checks `shell` actions
record Linter(Optional<RepositoryConfig> repository, ShellCheck shells) {
    /// The problems of a plan file.
    ///
    /// @param problems errors and warnings in the order of the file
    /// @param checkedShells whether `shell` actions were checked
    record Found(List<Problem> problems, boolean checkedShells) {
        Found {
            problems = List.copyOf(problems);
        }

        long errors() {
            return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
        }
    }

    /// @param called the file's name for people
    Found lint(PlanFile file, byte[] bytes, String called) {
        var reader =
                repository
                        .map(settings -> new PlanReader(settings.destinations()))
                        .orElseGet(PlanReader::new);
        var all = new ArrayList<Problem>();
        var more = new Problems(called);
        switch (reader.read(file, bytes, called)) {
            case PlanReading.Read(_, var warnings) -> all.addAll(warnings);
            case PlanReading.Invalid invalid -> {
                all.addAll(invalid.problems());
                all.addAll(invalid.warnings());
            }
            case PlanReading.Absent _ -> throw new IllegalStateException(called + " was read");
        }
        repository.ifPresent(settings -> network(file, bytes, settings, more));
        boolean checked = shells(bytes, called, more);
        all.addAll(more.listWarnings());
        all.sort(Problem.ORDER);
        return new Found(all, checked);
    }

    private boolean shells(byte[] bytes, String called, Problems more) {
        // YAML errors have been reported already
        var aside = new Problems(called);
        var top = new YamlReader(YamlLimits.HAND_WRITTEN).read(bytes, aside.top());
        var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        return top.isEmpty() || shells.warn(top.get(), more.top(), lines);
    }

    /// Reads the plan without the configured destinations, to report missing network entries as
    /// well.
    private static void network(
            PlanFile file, byte[] bytes, RepositoryConfig settings, Problems more) {
        switch (new PlanReader().read(file, bytes)) {
            case PlanReading.Read(var plan, _) -> network(plan, settings, more);
            case PlanReading.Invalid _, PlanReading.Absent _ -> {} // reported already
        }
    }

    private static void network(Plan plan, RepositoryConfig settings, Problems more) {
        for (Phase phase : List.of(Phase.PRE_PLAN, Phase.POST_PLAN)) {
            var granted = settings.network().of(phase, TrustClass.LISTED);
            var left = plan.settings().network().of(phase).map(granted::narrowed).orElse(granted);
            var place = more.top().key(phase.key(), Position.START);
            for (var action : plan.actionsOf(phase)) {
                action.places(settings.destinations()).stream()
                        .filter(needed -> !lets(left, needed))
                        .forEach(
                                needed ->
                                        place.warning(
                                                ("%s connects to %s, which is not allowed: "
                                                                + "`%s` is missing in %s")
                                                        .formatted(
                                                                action.name(),
                                                                needed,
                                                                needed,
                                                                lets(granted, needed)
                                                                        ? "the plan's own network"
                                                                        : "repositories[].network."
                                                                                + phase.key()
                                                                                + ".allow")));
            }
        }
    }

    private static boolean lets(PhaseNetwork network, String place) {
        int colon = place.lastIndexOf(':');
        int port = Integer.parseInt(place.substring(colon + 1));
        return switch (HostName.read(place.substring(0, colon))) {
            case HostName.Reading.Named(var host) -> network.lets(host, port);
            case HostName.Reading.Refused _ -> false; // an address is never listed
        };
    }

    /// Runs `shellcheck` on the `shell` actions of a plan file. It runs nothing of theirs, but it
    /// is a large program that parses strangers' text: only for a developer's own machine (H6).
    static final class ShellCheck {
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

        private void warn(Node.Sequence actions, Place place, List<String> lines)
                throws IOException {
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

        private static Position position(
                Node.Scalar text, int line, int column, List<String> lines) {
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
}
