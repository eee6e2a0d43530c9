package airlock.cli;

import airlock.control.Command;
import airlock.control.CommandHandler.Entrance;
import airlock.control.Console;
import airlock.control.ControlClient;
import airlock.event.Phase;
import airlock.shell.RawTerminal;
import airlock.text.SafeText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// `airlock vm shell`.
@picocli.CommandLine.Command(
        name = "shell",
        description = {
            "Lets you into a virtual machine of the running server, with a shell as " + "root.",
            "With --run that of a failed phase, where it was kept; else a fresh one "
                    + "with the inputs of that run and no secrets. Nothing but the shell leads "
                    + "out of it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0 to 255:the shell's own", "4:there was no shell, or no end of it"})
final class ShellCommand extends SocketCommand {
    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "as the configuration names it; its default if left out")
    private String image = "";

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            description =
                    "pre_plan, plan or post_plan; plan if left out, and with --run the one that"
                            + " failed")
    private String phase = "";

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "the run's id, as `airlock runs` shows it")
    private String run = "";

    @Option(names = "--verbose", description = "tells how long it took")
    private boolean verbose;

    @Override
    public Integer call() throws InterruptedException {
        var size = RawTerminal.size();
        var wanted = new Command.Shell(image, phase(), id(), size.columns(), size.rows());
        var client = new ControlClient(socket());
        return switch (client.enter(wanted, note -> progress(SafeText.line(note)))) {
            case Entrance.Shut(String why) -> throw new CliException(ExitCode.BROKE, why);
            case Entrance.Open(var entered, var console) -> {
                boolean terminal = RawTerminal.isThere();
                if (terminal || verbose) {
                    tell(SafeText.line(entered.what()), entered.until());
                }
                try (console) {
                    yield stay(console, terminal);
                }
            }
        };
    }

    private String id() {
        return run.isEmpty() ? "" : run(run).text();
    }

    private String phase() {
        if (phase.isEmpty()
                || Arrays.stream(Phase.values()).anyMatch(known -> known.key().equals(phase))) {
            return phase;
        }
        throw new CliException(
                ExitCode.USAGE,
                "--phase "
                        + phase
                        + ": one of "
                        + Arrays.stream(Phase.values())
                                .map(Phase::key)
                                .collect(Collectors.joining(", ")));
    }

    private void tell(String what, Instant until) {
        var time = until.atZone(ZoneId.systemDefault()).toLocalTime();
        progress(what + "; it ends at " + time.truncatedTo(ChronoUnit.MINUTES));
    }

    private int stay(Console console, boolean terminal) throws InterruptedException {
        var visitor = new Visitor(System.in, System.out, RawTerminal.shows(), this::prompted);
        var left = visitor.stay(console, terminal);
        if (!left.why().isEmpty()) {
            err().println(left.why());
        }
        return left.code();
    }

    private void prompted() {
        if (verbose) {
            progress("the shell is there\r");
        }
    }
}
