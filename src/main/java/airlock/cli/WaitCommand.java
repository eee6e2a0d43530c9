package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Parameters;

/// `airlock wait`.
@picocli.CommandLine.Command(
        name = "wait",
        description = "Waits until a run has ended, and ends as it did.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the run passed",
            "1:it failed, timed out or has no valid plan",
            "4:it broke, was cancelled or superseded, or there is no answer"
        })
final class WaitCommand extends SocketCommand {
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
