package airlock.cli;

import airlock.app.LocalMachine;
import airlock.event.AnsiText;
import airlock.event.StyledText;
import airlock.event.Texts;
import airlock.event.Verdict;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock run`.
@Command(
        name = "run",
        description =
                "Runs the plan of a directory as it lies there, without a forge and without post_plan.",
        mixinStandardHelpOptions = true)
final class RunCommand extends Output {
    @Parameters(
            paramLabel = "DIR",
            defaultValue = ".",
            description = "${DEFAULT-VALUE} if left out")
    private Path directory;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "where the image is kept; else airlock below XDG_STATE_HOME or ~/.local/state")
    private @Nullable Path state;

    @Override
    public Integer call() throws InterruptedException {
        var ansi = new AnsiText();
        try (var machine = new LocalMachine(state(), InstantSource.system(), this::progress)) {
            progress("packing " + directory.toAbsolutePath().normalize());
            var outcome =
                    machine.run(
                            directory.toAbsolutePath().normalize(),
                            note -> progress(Texts.line(note)),
                            bytes -> {
                                out().print(StyledText.forTerminal(ansi.feed(bytes)));
                                out().flush();
                            });
            String reason = Texts.line(outcome.reason());
            progress(outcome.verdict().word() + (reason.isEmpty() ? "" : ": " + reason));
            return code(outcome.verdict());
        }
    }

    private Path state() {
        if (state != null) {
            return state;
        }
        String configured = System.getenv("XDG_STATE_HOME");
        Path base =
                configured == null || configured.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(configured);
        return base.resolve("airlock");
    }

    private static int code(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> ExitCode.OK;
            case FAILED, TIMED_OUT, INVALID_PLAN -> ExitCode.NO;
            case BROKE, CANCELLED, SUPERSEDED -> ExitCode.BROKE;
        };
    }
}
