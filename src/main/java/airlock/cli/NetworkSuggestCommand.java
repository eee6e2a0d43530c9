package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.Phase;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock network suggest`.
@picocli.CommandLine.Command(
        name = "suggest",
        description = {
            "Prints the `network` section that lets what the last runs of a "
                    + "repository connected to, to be pasted. `mode: observe` lets them "
                    + "connect to what is not listed yet.",
            "With --plan, the places that a plan file is certain to need."
        })
final class NetworkSuggestCommand extends SocketCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "REPOSITORY",
            description = "OWNER/NAME or FORGE/OWNER/NAME")
    private String repository = "";

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "a plan file to look at, in place of runs")
    private Optional<Path> plan = Optional.empty();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "20",
            description = "how many of the newest runs are looked at; ${DEFAULT-VALUE}")
    private int count;

    /// How several VMs used one place.
    ///
    /// @param machines VMs that made at least one connection
    private record Uses(long connections, long machines, String reason) {
        static final Uses NONE = new Uses(0, 0, "");

        Uses plus(Reply.Place place) {
            return new Uses(
                    connections + place.connections(),
                    machines + (place.connections() > 0 ? 1 : 0),
                    place.reason().orElse(reason));
        }
    }

    @Override
    public Integer call() {
        if (repository.isEmpty() == plan.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "airlock network suggest: either REPOSITORY or --plan FILE");
        }
        if (plan.isPresent()) {
            print(PlanPlaces.of(plan.orElseThrow()));
            return ExitCode.OK;
        }
        return ofRuns();
    }

    private void print(Map<Phase, Map<String, String>> needed) {
        if (needed.isEmpty()) {
            out().println("# nothing in this plan names a place by itself");
            return;
        }
        out().println("network:");
        needed.forEach((phase, places) -> print(phase.key(), places, NetworkSuggestCommand::line));
    }

    private <T> void print(
            String phase, Map<String, T> places, BiFunction<String, T, String> line) {
        out().println("  " + phase + ":");
        out().println("    allow:");
        places.forEach((place, use) -> out().println("      " + line.apply(place, use)));
    }

    private static String line(String place, String action) {
        return place.startsWith(PlanPlaces.REMARK) ? place : "- %s # %s".formatted(place, action);
    }

    private int ofRuns() {
        var phases = new LinkedHashMap<String, Map<String, Uses>>();
        int code =
                send(
                        new Command.SuggestNetwork(repository, count),
                        Reply.Place.class,
                        place ->
                                phases.computeIfAbsent(
                                                SafeText.line(place.phase()), _ -> new TreeMap<>())
                                        .merge(
                                                SafeText.line(place.place()),
                                                Uses.NONE.plus(place),
                                                (before, _) -> before.plus(place)));
        if (code == ExitCode.OK) {
            printUses(phases);
        }
        return code;
    }

    private void printUses(Map<String, Map<String, Uses>> phases) {
        if (phases.isEmpty()) {
            out().println("# no machine of its last runs connected to anything, or tried to");
            return;
        }
        out().println("network:");
        phases.forEach((phase, places) -> print(phase, places, NetworkSuggestCommand::entry));
    }

    /// A place that was only ever refused is commented out, for the operator to decide.
    private static String entry(String place, Uses uses) {
        if (uses.connections() == 0) {
            return "# - %s # %s".formatted(place, SafeText.line(uses.reason()));
        }
        return "%s- %s # %s in %s"
                .formatted(
                        place.contains(":") ? "" : "# ",
                        place,
                        LintCommand.counted(uses.connections(), "connection"),
                        LintCommand.counted(uses.machines(), "machine"));
    }
}
