package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "hook",
        description = "Makes the secret of a repository's webhook and tries whether it works.",
        subcommands = {HookCommand.New.class, HookCommand.Test.class})
final class HookCommand extends Group {
    @picocli.CommandLine.Command(
            name = "new",
            description =
                    "Makes a new secret and prints it with the hook's URL, once. The one before it"
                            + " stays good for a while.")
    static final class New extends SocketCommand.OfRepository {
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
                    new Command.NewHook(repository(), olderHours),
                    Reply.Hook.class,
                    hook -> out().printf("URL:    %s%nsecret: %s%n", hook.url(), hook.secret()));
        }
    }

    @picocli.CommandLine.Command(
            name = "test",
            description =
                    "Has the server send itself a signed ping by way of base_url, as the forge would.")
    static final class Test extends SocketCommand.OfRepository {
        @Override
        public Integer call() {
            return send(new Command.TestHook(repository()));
        }
    }
}
