package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.util.ArrayList;

/// `airlock sweep`.
@picocli.CommandLine.Command(
        name = "sweep",
        description =
                "Compares repositories with their forges now, and queues what no webhook told.")
final class SweepCommand extends SocketCommand.OfRepositories {
    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        int code =
                send(
                        new Command.Sweep(repository()),
                        Reply.Swept.class,
                        swept -> {
                            problems.add(swept.problem());
                            out().println(line(swept));
                        });
        return problems.stream().allMatch(String::isEmpty) ? code : ExitCode.NO;
    }

    private static String line(Reply.Swept swept) {
        String made = LintCommand.counted(swept.requests(), "new request");
        String first =
                swept.first() ? "; recorded what is there, changes are found from now on" : "";
        String problem = swept.problem().isEmpty() ? "" : "; not all: " + swept.problem();
        return SafeText.line(swept.repository() + ": " + made + first + problem);
    }
}
