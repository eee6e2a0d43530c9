package airlock.cli;

import airlock.control.Command;
import picocli.CommandLine.Parameters;

/// `airlock cancel`.
@picocli.CommandLine.Command(name = "cancel", description = "Ends a run.")
final class CancelCommand extends SocketCommand {
    @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
    private String run;

    @Override
    public Integer call() {
        return send(new Command.Cancel(run(run)));
    }
}
