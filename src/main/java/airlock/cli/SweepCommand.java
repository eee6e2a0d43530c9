package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import picocli.CommandLine.Parameters;

/// `airlock sweep`.
@picocli.CommandLine.Command(
        name = "sweep",
        description =
                "Compares repositories with their forges now, and queues what no webhook told.",
        mixinStandardHelpOptions = true)
final class SweepCommand extends SocketCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "REPOSITORY",
            defaultValue = "",
            description = "as the configuration names it; all repositories where it is left out")
    private String repository;

    @Override
    public Integer call() {
        boolean[] hindered = new boolean[1];
        int code =
                send(
                        new Command.Sweep(repository),
                        reply -> {
                            if (reply instanceof Reply.Swept swept) {
                                hindered[0] |= !swept.problem().isEmpty();
                                out().println(line(swept));
                            }
                        });
        return code == ExitCode.OK && hindered[0] ? ExitCode.NO : code;
    }

    private static String line(Reply.Swept swept) {
        String made = swept.requests() == 1 ? "1 new request" : swept.requests() + " new requests";
        String first =
                swept.first() ? "; recorded what is there, changes are found from now on" : "";
        String problem = swept.problem().isEmpty() ? "" : "; not all: " + swept.problem();
        return SafeText.line(swept.repository() + ": " + made + first + problem);
    }
}
