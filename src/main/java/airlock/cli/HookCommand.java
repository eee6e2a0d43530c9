package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock hook new` and `airlock hook test`.
@picocli.CommandLine.Command(
        name = "hook",
        description = "Makes the secret of a repository's webhook and tries whether it works.",
        mixinStandardHelpOptions = true,
        subcommands = {HookCommand.New.class, HookCommand.Test.class})
final class HookCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(ExitCode.USAGE, "airlock hook: which command? `new` or `test`");
    }

    @picocli.CommandLine.Command(
            name = "new",
            description =
                    "Makes a new secret and prints it with the hook's URL, once. The one before it"
                            + " stays good for a while.",
            mixinStandardHelpOptions = true)
    static final class New extends SocketCommand {
        @Parameters(paramLabel = "REPOSITORY", description = "OWNER/NAME or FORGE/OWNER/NAME")
        private String repository;

        @Option(
                names = "--older-hours",
                paramLabel = "HOURS",
                defaultValue = "72",
                description = "how long the secret before it stays good; ${DEFAULT-VALUE}")
        private int olderHours;

        @Override
        public Integer call() {
            if (olderHours < 0) {
                throw new CliException(ExitCode.USAGE, "--older-hours: expected 0 or more");
            }
            return send(
                    new Command.NewHook(repository, olderHours),
                    reply -> {
                        if (reply instanceof Reply.Hook hook) {
                            out().println("URL:    " + hook.url());
                            out().println("secret: " + hook.secret());
                        }
                    });
        }
    }

    @picocli.CommandLine.Command(
            name = "test",
            description =
                    "Has the server send itself a signed ping by way of base_url, as the forge would.",
            mixinStandardHelpOptions = true)
    static final class Test extends SocketCommand {
        @Parameters(paramLabel = "REPOSITORY", description = "OWNER/NAME or FORGE/OWNER/NAME")
        private String repository;

        @Override
        public Integer call() {
            return send(new Command.TestHook(repository), _ -> {});
        }
    }
}
