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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock network suggest`: the list that would have let what a repository's last runs connected
/// to.
@picocli.CommandLine.Command(
        name = "suggest",
        description = {
            "Prints the `network` section that lets what the last runs of a "
                    + "repository connected to, to be pasted. `mode: observe` lets them "
                    + "connect to what is not listed yet.",
            "With --plan, the places that a plan file is certain to need."
        },
        mixinStandardHelpOptions = true)
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

    /// What several machines had to do with one place.
    ///
    /// @param machines of how many of them it let at least one connection
    private record Uses(long connections, long machines, String reason) {
        static final Uses NONE = new Uses(0, 0, "");

        Uses plus(Reply.Place place) {
            return new Uses(
                    connections + place.connections(),
                    machines + (place.connections() > 0 ? 1 : 0),
                    place.reason().isEmpty() ? reason : place.reason());
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
        needed.forEach(
                (phase, places) -> {
                    out().println("  " + phase.key() + ":");
                    out().println("    allow:");
                    places.forEach(
                            (place, action) -> out().println("      " + line(place, action)));
                });
    }

    private static String line(String place, String action) {
        return place.startsWith(PlanPlaces.REMARK) ? place : "- %s # %s".formatted(place, action);
    }

    private int ofRuns() {
        var phases = new LinkedHashMap<String, Map<String, Uses>>();
        int code =
                send(
                        new Command.SuggestNetwork(repository, count),
                        reply -> {
                            if (reply instanceof Reply.Place place) {
                                phases.computeIfAbsent(
                                                SafeText.line(place.phase()), _ -> new TreeMap<>())
                                        .merge(
                                                SafeText.line(place.place()),
                                                Uses.NONE.plus(place),
                                                (before, _) -> before.plus(place));
                            }
                        });
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
        phases.forEach(
                (phase, places) -> {
                    out().println("  " + phase + ":");
                    out().println("    allow:");
                    places.forEach((place, uses) -> out().println(entry(place, uses)));
                });
    }

    /// A place that was only refused is a remark: whether it is wanted is the operator's to say.
    private static String entry(String place, Uses uses) {
        if (uses.connections() == 0) {
            return "      # - %s # %s".formatted(place, SafeText.line(uses.reason()));
        }
        return "      %s- %s # %s in %s"
                .formatted(
                        place.contains(":") ? "" : "# ",
                        place,
                        counted(uses.connections(), "connection"),
                        counted(uses.machines(), "machine"));
    }

    private static String counted(long number, String word) {
        return "%,d %s%s".formatted(number, word, number == 1 ? "" : "s");
    }
}
