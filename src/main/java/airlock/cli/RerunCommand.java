package airlock.cli;

import airlock.control.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock rerun`.
@picocli.CommandLine.Command(
        name = "rerun",
        description = "Queues the request of a run again, by the configuration of today.",
        mixinStandardHelpOptions = true)
final class RerunCommand extends SocketCommand {
    @Parameters(paramLabel = "RUN", description = "the run's id, as `airlock runs` shows it")
    private String run;

    @Option(
            names = "--although-moved",
            description =
                    "publishes although the ref has moved on since; without it, a commit that is not"
                            + " the tip any more has no post_plan")
    private boolean althoughMoved;

    @Override
    public Integer call() {
        return send(new Command.Rerun(run(run), althoughMoved), _ -> {});
    }
}
