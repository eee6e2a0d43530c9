package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock log`.
@picocli.CommandLine.Command(
        name = "log",
        description = "Prints a run's log; of what it wrote for terminals only colours are left.")
final class LogCommand extends SocketCommand {
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
