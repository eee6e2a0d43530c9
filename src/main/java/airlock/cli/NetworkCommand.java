package airlock.cli;

import airlock.config.Destinations;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.Phase;
import airlock.plan.Plan;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "network",
        description = {
            "Shows what the virtual machines of a run connected to, and the "
                    + "`network` section of the configuration that would have sufficed."
        },
        subcommands = NetworkCommand.NetworkSuggestCommand.class)
final class NetworkCommand extends SocketCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "the run's id, as `airlock runs` lists it")
    private String run = "";

    @Mixin private JsonOption json;

    @Override
    public Integer call() {
        if (run.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "airlock network: which run? `airlock runs` lists them");
        }
        var phases = new LinkedHashMap<String, List<Reply.Place>>();
        int code =
                send(
                        new Command.Network(run(run)),
                        Reply.Place.class,
                        place ->
                                phases.computeIfAbsent(
                                                SafeText.line(place.phase()),
                                                _ -> new ArrayList<>())
                                        .add(place));
        if (code == ExitCode.OK && json.isWanted()) {
            var places = phases.values().stream().flatMap(List::stream).toList();
            out().println(JsonOption.text("places", places));
        } else if (code == ExitCode.OK) {
            print(phases);
        }
        return code;
    }

    private void print(Map<String, List<Reply.Place>> phases) {
        if (phases.isEmpty()) {
            out().println("no machine of it connected to anything, or tried to");
            return;
        }
        String format = "%-10s %11s %14s %14s %8s  %s%n";
        out().printf(format, "phase", "connections", "sent", "received", "refused", "place");
        phases.forEach(
                (phase, places) ->
                        places.forEach(
                                place ->
                                        out().printf(
                                                        format,
                                                        phase,
                                                        place.connections(),
                                                        place.sent(),
                                                        place.received(),
                                                        place.refused(),
                                                        place(place))));
        out().println();
        out().println("network:");
        phases.forEach(this::list);
    }

    private static String place(Reply.Place place) {
        String comment = place.comment().map(text -> " (" + text + ")").orElse("");
        return SafeText.line(place.place() + comment);
    }

    /// A refused place is commented out, for the operator to decide.
    private void list(String phase, List<Reply.Place> places) {
        out().println("  " + phase + ":");
        out().println("    allow:");
        places.stream().map(NetworkCommand::entry).distinct().forEach(out()::println);
    }

    private static String entry(Reply.Place place) {
        String entry = "- " + SafeText.line(place.place());
        boolean isPlace = place.place().contains(":");
        return place.connections() > 0 && isPlace
                ? "      " + entry
                : "      # " + entry + " # " + SafeText.line(place.reason().orElse(""));
    }

    @picocli.CommandLine.Command(
            name = "suggest",
            description = {
                "Prints the `network` section that lets what the last runs of a "
                        + "repository connected to, to be pasted. `mode: observe` lets them "
                        + "connect to what is not listed yet.",
                "With --plan, the places that a plan file is certain to need."
            })
    static final class NetworkSuggestCommand extends SocketCommand {
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
                        ExitCode.USAGE,
                        "airlock network suggest: either REPOSITORY or --plan FILE");
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
                    (phase, places) -> print(phase.key(), places, NetworkSuggestCommand::line));
        }

        private <T> void print(
                String phase, Map<String, T> places, BiFunction<String, T, String> line) {
            out().println("  " + phase + ":");
            out().println("    allow:");
            places.forEach((place, use) -> out().println("      " + line.apply(place, use)));
        }

        private static String line(String place, String action) {
            return place.startsWith(PlanPlaces.REMARK)
                    ? place
                    : "- %s # %s".formatted(place, action);
        }

        private int ofRuns() {
            var phases = new LinkedHashMap<String, Map<String, Uses>>();
            int code =
                    send(
                            new Command.SuggestNetwork(repository, count),
                            Reply.Place.class,
                            place ->
                                    phases.computeIfAbsent(
                                                    SafeText.line(place.phase()),
                                                    _ -> new TreeMap<>())
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

    /// Finds the network places that the trusted phases of a plan file certainly need.
    static final class PlanPlaces {
        /// Marks an entry whose place depends on the configuration.
        static final String REMARK = "# ";

        private PlanPlaces() {}

        /// The places and the actions that need them, by phase; phases without any are left out.
        static Map<Phase, Map<String, String>> of(Path file) {
            return of(plan(file));
        }

        static Plan plan(Path file) {
            return switch (new PlanReader().read(LintCommand.kind(file), LintCommand.bytes(file))) {
                case PlanReading.Read(var plan, _) -> plan;
                case PlanReading.Invalid invalid ->
                        throw new CliException(ExitCode.NO, SafeText.line(invalid.summary()));
                case PlanReading.Absent _ -> throw new IllegalStateException(file + " was read");
            };
        }

        private static Map<Phase, Map<String, String>> of(Plan plan) {
            var all = new EnumMap<Phase, Map<String, String>>(Phase.class);
            for (Phase phase : List.of(Phase.PRE_PLAN, Phase.POST_PLAN)) {
                var places = new TreeMap<String, String>();
                for (var action : plan.actionsOf(phase)) {
                    action.places(Destinations.NONE)
                            .forEach(place -> places.putIfAbsent(place, action.name()));
                    action.lacks(Destinations.NONE)
                            .ifPresent(key -> places.putIfAbsent(remark(action.name(), key), ""));
                }
                if (!places.isEmpty()) {
                    all.put(phase, places);
                }
            }
            return all;
        }

        private static String remark(String action, String key) {
            return "%s%s connects to what `%s` says".formatted(REMARK, action, key);
        }
    }
}
