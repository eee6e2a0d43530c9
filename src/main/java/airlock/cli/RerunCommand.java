package airlock.cli;

import airlock.control.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock rerun`.
@picocli.CommandLine.Command(
        name = "rerun",
        description = "Queues a request again, by the configuration of today.")
final class RerunCommand extends SocketCommand {
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
