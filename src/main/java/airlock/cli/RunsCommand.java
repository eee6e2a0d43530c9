package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.AnsiText;
import airlock.text.SafeText;
import airlock.text.TextStyle.StyledText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "runs",
        description = "Lists the newest runs, and the requests that have none.")
final class RunsCommand extends SocketCommand {
    private static final String HEADER =
            "ID KIND STATE SINCE TOOK REPOSITORY REF COMMIT PLAN REASON";

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
                Reply.class,
                reply -> {
                    if (reply instanceof Reply.Run run) {
                        row(run);
                    } else if (reply instanceof Reply.Text text) {
                        out().print(text.text()); // ASCII only
                    }
                });
    }

    private void row(Reply.Run run) {
        row(
                run.id(),
                run.plan().map(plan -> plan.endsWith(")") ? "cell" : "run").orElse("request"),
                run.state(),
                seconds(run.since()),
                run.took().map(RunsCommand::took).orElse("-"),
                run.repository(),
                run.subject(),
                run.commit().substring(0, 12),
                run.plan().orElse("-"),
                run.reason());
    }

    private void row(Object... cells) {
        if (!hasHeader) {
            hasHeader = true;
            row((Object[]) HEADER.split(" "));
        }
        String row = "%-20s %-7s %-12s %-20s %9s  %s %s %s %s %s".formatted(cells);
        out().println(SafeText.line(row).stripTrailing());
    }

    private static String took(Duration time) {
        return time.toHours() > 0
                ? "%dh%02dm".formatted(time.toHours(), time.toMinutesPart())
                : time.toMinutes() > 0
                        ? "%dm%02ds".formatted(time.toMinutes(), time.toSecondsPart())
                        : "%.1fs".formatted(time.toMillis() / 1000.0);
    }

    @picocli.CommandLine.Command(name = "cancel", description = "Ends a run.")
    static final class CancelCommand extends SocketCommand {
        @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
        private String run;

        @Override
        public Integer call() {
            return send(new Command.Cancel(run(run)));
        }
    }

    @picocli.CommandLine.Command(
            name = "rerun",
            description = "Queues a request again, by the configuration of today.")
    static final class RerunCommand extends SocketCommand {
        @Parameters(
                paramLabel = "ID",
                description = "of the request or one of its runs, as `airlock runs` shows it")
        private String id;

        @Option(
                names = "--although-moved",
                description =
                        "publishes although the ref has moved on since; without it, a commit that is"
                                + " not the tip any more has no post_plan")
        private boolean althoughMoved;

        @Override
        public Integer call() {
            return send(new Command.Rerun(run(id).text(), althoughMoved));
        }
    }

    @picocli.CommandLine.Command(
            name = "wait",
            description = "Waits until a run has ended, and ends as it did.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the run passed",
                "1:it failed, timed out or has no valid plan",
                "4:it broke, was cancelled or superseded, or there is no answer"
            })
    static final class WaitCommand extends SocketCommand {
        @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
        private String run;

        @Override
        public Integer call() {
            var ended = new AtomicInteger(ExitCode.OK);
            int code =
                    send(
                            new Command.Wait(run(run)),
                            Reply.Run.class,
                            run -> {
                                ended.set(ExitCode.of(run.state()));
                                out().println(SafeText.line(run.state() + " " + run.reason()));
                            });
            return code == ExitCode.OK ? ended.get() : code;
        }
    }

    @picocli.CommandLine.Command(
            name = "log",
            description =
                    "Prints a run's log; of what it wrote for terminals only colours are left.")
    static final class LogCommand extends SocketCommand {
        @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
        private String run;

        @Option(
                names = {"-f", "--follow"},
                description =
                        "wait for more until the run has ended, and end as it did: 0 if it passed")
        private boolean follow;

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "text",
                description =
                        "text, json (what happened, an object a line), html (a page that stands alone)")
        private String format;

        @Override
        public Integer call() {
            return switch (format) {
                case "text" -> text();
                case "json", "html" -> file();
                default ->
                        throw new CliException(
                                ExitCode.USAGE,
                                "airlock log: --format is text, json or html, not "
                                        + SafeText.line(format));
            };
        }

        private int file() {
            if (follow) {
                throw new CliException(ExitCode.USAGE, "airlock log: only text can be followed");
            }
            return send(
                    new Command.LogFile(run(run), format),
                    Reply.Text.class,
                    text -> out().print(text.text())); // the server removed escape sequences
        }

        private int text() {
            var printer = new LogPrinter(out(), colours());
            var ended = new AtomicInteger(ExitCode.OK);
            int code =
                    send(
                            new Command.Log(run(run), 0, follow),
                            Reply.class,
                            reply -> {
                                if (reply instanceof Reply.Text text) {
                                    printer.print(
                                            text.phase() + " " + text.step(),
                                            text.stream(),
                                            text.text().getBytes(StandardCharsets.UTF_8));
                                } else if (reply instanceof Reply.Run run) {
                                    ended.set(ExitCode.of(run.state()));
                                }
                            });
            printer.finish();
            return code == ExitCode.OK ? ended.get() : code;
        }
    }

    /// Prints a log as it arrives, without escape sequences, but with colours on a terminal. Each
    /// stream of each step is parsed separately, so that unfinished sequences do not affect others.
    /// Lines of Airlock start on a new line.
    static final class LogPrinter {
        private static final int HOST = 0;

        private final PrintWriter out;
        private final boolean colours;
        private final Map<Integer, AnsiText> streams = new HashMap<>();
        private String step = "";
        private boolean atLineStart = true;

        LogPrinter(PrintWriter out, boolean colours) {
            this.out = out;
            this.colours = colours;
        }

        /// @param of the step, by a name that differs from that of the step before
        /// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 Airlock
        void print(String of, int stream, byte[] bytes) {
            if (!of.equals(step)) {
                finish();
                step = of;
            }
            if (stream == HOST && !atLineStart) {
                out.println();
                atLineStart = true;
            }
            show(streams.computeIfAbsent(stream, _ -> new AnsiText()).feed(bytes));
            out.flush();
        }

        /// Prints what the streams have held back.
        void finish() {
            streams.values().forEach(stream -> show(stream.end()));
            streams.clear();
            out.flush();
        }

        private void show(List<StyledText> pieces) {
            String plain = StyledText.plain(pieces);
            if (!plain.isEmpty()) {
                out.print(colours ? StyledText.forTerminal(pieces) : plain);
                atLineStart = plain.endsWith("\n");
            }
        }
    }
}
