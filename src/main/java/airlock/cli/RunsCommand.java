package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Option;

/// `airlock runs`.
@picocli.CommandLine.Command(
        name = "runs",
        description = "Lists the newest runs, and the requests that have none.",
        mixinStandardHelpOptions = true)
final class RunsCommand extends SocketCommand {
    @Option(
            names = "-n",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "how many; ${DEFAULT-VALUE}")
    private int most;

    @Option(
            names = "--repository",
            paramLabel = "REPOSITORY",
            defaultValue = "",
            description = "of this one only: OWNER/NAME or FORGE/OWNER/NAME")
    private String repository;

    @Option(
            names = "--ref",
            paramLabel = "REF",
            defaultValue = "",
            description = "of this branch (main), full ref (refs/tags/v1) or change request (#7)")
    private String ref;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            defaultValue = "",
            description =
                    "of the newest 1,000 only those that are queued or running, or ended so:"
                            + " passed, failed, broke, 'timed out', 'invalid plan', cancelled,"
                            + " superseded")
    private String state;

    @Option(
            names = "--json",
            description = "one JSON object, in the shape of the API (docs/api.md)")
    private boolean json;

    private boolean hasHeader;

    @Override
    public Integer call() {
        return send(
                new Command.Runs(most, repository, ref, state.replace('_', ' '), json),
                reply -> {
                    if (reply instanceof Reply.Run run) {
                        row(run);
                    } else if (reply instanceof Reply.Request request) {
                        row(request);
                    } else if (reply instanceof Reply.Text text) {
                        // ASCII alone
                        out().print(text.text());
                    }
                });
    }

    private void row(Reply.Run run) {
        String took = run.tookMillis() == 0 ? "-" : took(Duration.ofMillis(run.tookMillis()));
        row(
                run.id().text(),
                run.plan().endsWith(")") ? "cell" : "run",
                run.state(),
                time(run.createdMillis()),
                took,
                run.repository(),
                run.subject(),
                run.commit().substring(0, 12),
                run.plan(),
                run.reason());
    }

    private void row(Reply.Request request) {
        row(
                request.id(),
                "request",
                request.state(),
                time(request.createdMillis()),
                "-",
                request.repository(),
                request.subject(),
                request.commit().substring(0, 12),
                "-",
                request.reason());
    }

    private void row(String... cells) {
        if (!hasHeader) {
            hasHeader = true;
            row(
                    "ID",
                    "KIND",
                    "STATE",
                    "SINCE",
                    "TOOK",
                    "REPOSITORY",
                    "REF",
                    "COMMIT",
                    "PLAN",
                    "REASON");
        }
        out().println(
                        SafeText.line(
                                        "%-20s %-7s %-12s %-20s %9s  %s %s %s %s %s"
                                                .formatted((Object[]) cells))
                                .stripTrailing());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String took(Duration time) {
        return time.toHours() > 0
                ? "%dh%02dm".formatted(time.toHours(), time.toMinutesPart())
                : time.toMinutes() > 0
                        ? "%dm%02ds".formatted(time.toMinutes(), time.toSecondsPart())
                        : "%.1fs".formatted(time.toMillis() / 1000.0);
    }
}
