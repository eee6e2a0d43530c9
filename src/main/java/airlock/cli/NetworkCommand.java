package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `airlock network`.
@picocli.CommandLine.Command(
        name = "network",
        description = {
            "Shows what the virtual machines of a run connected to, and the "
                    + "`network` section of the configuration that would have sufficed."
        },
        subcommands = NetworkSuggestCommand.class)
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
}
