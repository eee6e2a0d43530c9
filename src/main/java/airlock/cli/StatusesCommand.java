package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.util.ArrayList;

@picocli.CommandLine.Command(
        name = "statuses",
        description =
                "Shows which commit statuses wait because a forge refuses them, and what to do;"
                        + " ends with 1 if there are any.",
        subcommands = StatusesCommand.Retry.class)
final class StatusesCommand extends SocketCommand {
    @Override
    public Integer call() {
        var pauses = new ArrayList<Reply.StatusPause>();
        int code =
                send(
                        new Command.Statuses(),
                        Reply.StatusPause.class,
                        pause -> {
                            pauses.add(pause);
                            out().println(lines(pause));
                        });
        return pauses.isEmpty() ? code : ExitCode.NO;
    }

    private static String lines(Reply.StatusPause pause) {
        return "%s: %s%n    since %s, tries again at %s%n    %s"
                .formatted(
                        SafeText.line(pause.scope()),
                        SafeText.line(pause.reason()),
                        seconds(pause.since()),
                        seconds(pause.until()),
                        SafeText.line(pause.cure()));
    }

    @picocli.CommandLine.Command(
            name = "retry",
            description =
                    "Tries now what is paused or waits for its time, and what was given up and is"
                            + " the newest of its context.")
    static final class Retry extends SocketCommand.OfRepositories {
        @Override
        public Integer call() {
            return send(new Command.RetryStatuses(repository()));
        }
    }

    @picocli.CommandLine.Command(
            name = "sweep",
            description =
                    "Compares repositories with their forges now, and queues what no webhook told.")
    static final class SweepCommand extends SocketCommand.OfRepositories {
        @Override
        public Integer call() {
            var problems = new ArrayList<String>();
            int code =
                    send(
                            new Command.Sweep(repository()),
                            Reply.Swept.class,
                            swept -> {
                                problems.add(swept.problem());
                                out().println(line(swept));
                            });
            return problems.stream().allMatch(String::isEmpty) ? code : ExitCode.NO;
        }

        private static String line(Reply.Swept swept) {
            String made = LintCommand.counted(swept.requests(), "new request");
            String first =
                    swept.first() ? "; recorded what is there, changes are found from now on" : "";
            String problem = swept.problem().isEmpty() ? "" : "; not all: " + swept.problem();
            return SafeText.line(swept.repository() + ": " + made + first + problem);
        }
    }
}
