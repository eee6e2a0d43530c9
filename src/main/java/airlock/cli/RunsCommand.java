package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.Texts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Option;

/// `airlock runs`.
@picocli.CommandLine.Command(
        name = "runs",
        description = "Lists the newest runs.",
        mixinStandardHelpOptions = true)
final class RunsCommand extends SocketCommand {
    @Option(
            names = "-n",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "how many; ${DEFAULT-VALUE}")
    private int most;

    @Override
    public Integer call() {
        return send(
                new Command.Runs(most),
                reply -> {
                    if (reply instanceof Reply.Run run) {
                        out().println(line(run));
                    }
                });
    }

    private static String line(Reply.Run run) {
        return "%s  %-12s %s %s %s %s %s %s"
                .formatted(
                        run.id(),
                        run.state(),
                        Instant.ofEpochMilli(run.createdMillis()).truncatedTo(ChronoUnit.SECONDS),
                        Texts.line(run.repository()),
                        Texts.line(run.subject()),
                        run.commit().substring(0, 12),
                        Texts.line(run.plan()),
                        Texts.line(run.reason()))
                .strip();
    }
}
