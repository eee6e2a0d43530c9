package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `airlock network`: what a run connected to, and the list that lets it.
@picocli.CommandLine.Command(
        name = "network",
        description = {
            "Shows what the virtual machines of a run connected to, and the "
                    + "`network` section of the configuration that would have sufficed."
        },
        mixinStandardHelpOptions = true,
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
                        reply -> {
                            if (reply instanceof Reply.Place place) {
                                phases.computeIfAbsent(
                                                SafeText.line(place.phase()),
                                                _ -> new ArrayList<>())
                                        .add(place);
                            }
                        });
        if (code == ExitCode.OK && json.isWanted()) {
            out().println(
                            JsonOption.text(
                                    "places",
                                    phases.values().stream()
                                            .flatMap(List::stream)
                                            .map(NetworkCommand::members)
                                            .toList()));
        } else if (code == ExitCode.OK) {
            print(phases);
        }
        return code;
    }

    private static Map<String, @Nullable Object> members(Reply.Place place) {
        return JsonOption.members(
                "phase", place.phase(),
                "place", place.place(),
                "comment", JsonOption.orNull(place.comment()),
                "connections", place.connections(),
                "sent", place.sent(),
                "received", place.received(),
                "refused", place.refused(),
                "reason", JsonOption.orNull(place.reason()));
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

    /// With what it is for, where the configuration says so.
    private static String place(Reply.Place place) {
        String comment = place.comment().isEmpty() ? "" : " (" + place.comment() + ")";
        return SafeText.line(place.place() + comment);
    }

    /// A place that was refused is a remark: whether it is wanted is the operator's to say.
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
                : "      # " + entry + " # " + SafeText.line(place.reason());
    }
}
