package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
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
        },
        mixinStandardHelpOptions = true)
final class WaitCommand extends SocketCommand {
    @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
    private String run;

    @Override
    public Integer call() {
        var ended = new int[] {ExitCode.OK};
        int code =
                send(
                        new Command.Wait(run(run)),
                        reply -> {
                            if (reply instanceof Reply.Run told) {
                                ended[0] = ExitCode.of(told.state());
                                out().println(
                                                SafeText.line(told.state() + " " + told.reason())
                                                        .strip());
                            }
                        });
        return code == ExitCode.OK ? ended[0] : code;
    }
}
