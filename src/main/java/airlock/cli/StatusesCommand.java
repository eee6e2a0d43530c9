package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Parameters;

/// `airlock statuses` and `airlock statuses retry`.
@picocli.CommandLine.Command(
        name = "statuses",
        description =
                "Shows which commit statuses wait because a forge refuses them, and what to do;"
                        + " ends with 1 if there are any.",
        mixinStandardHelpOptions = true,
        subcommands = StatusesCommand.Retry.class)
final class StatusesCommand extends SocketCommand {
    @Override
    public Integer call() {
        boolean[] paused = new boolean[1];
        int code =
                send(
                        new Command.Statuses(),
                        reply -> {
                            if (reply instanceof Reply.StatusPause pause) {
                                paused[0] = true;
                                out().println(lines(pause));
                            }
                        });
        return code == ExitCode.OK && paused[0] ? ExitCode.NO : code;
    }

    private static String lines(Reply.StatusPause pause) {
        return "%s: %s%n    since %s, tries again at %s%n    %s"
                .formatted(
                        SafeText.line(pause.scope()),
                        SafeText.line(pause.reason()),
                        seconds(pause.sinceMillis()),
                        seconds(pause.untilMillis()),
                        SafeText.line(pause.cure()));
    }

    private static Instant seconds(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }

    @picocli.CommandLine.Command(
            name = "retry",
            description =
                    "Tries now what is paused or waits for its time, and what was given up and is"
                            + " the newest of its context.",
            mixinStandardHelpOptions = true)
    static final class Retry extends SocketCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "REPOSITORY",
                defaultValue = "",
                description = "as the configuration names it; all repositories if it is left out")
        private String repository;

        @Override
        public Integer call() {
            return send(new Command.RetryStatuses(repository), _ -> {});
        }
    }
}
