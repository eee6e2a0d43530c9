package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock log`.
@picocli.CommandLine.Command(
        name = "log",
        description = "Prints a run's log; of what it wrote for terminals only colours are left.",
        mixinStandardHelpOptions = true)
final class LogCommand extends SocketCommand {
    @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
    private String run;

    @Option(
            names = {"-f", "--follow"},
            description = "wait for more until the run has ended")
    private boolean follow;

    @Override
    public Integer call() {
        var printer = new LogPrinter(out(), colours());
        int code =
                send(
                        new Command.Log(run(run), 0, follow),
                        reply -> {
                            if (reply instanceof Reply.Text text) {
                                printer.print(
                                        text.phase() + " " + text.step(),
                                        text.stream(),
                                        text.text().getBytes(StandardCharsets.UTF_8));
                            }
                        });
        printer.finish();
        return code;
    }
}
