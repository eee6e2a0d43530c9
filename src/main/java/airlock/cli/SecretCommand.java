package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import picocli.CommandLine.Parameters;

/// `airlock secret new` and `airlock secret list`.
@picocli.CommandLine.Command(
        name = "secret",
        description =
                "Makes and lists the SSH keys of repositories; the private half never leaves.",
        mixinStandardHelpOptions = true,
        subcommands = {SecretCommand.New.class, SecretCommand.ListKeys.class})
final class SecretCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(ExitCode.USAGE, "airlock secret: which command? `new` or `list`");
    }

    @picocli.CommandLine.Command(
            name = "new",
            description = "Makes an Ed25519 key and prints its public half.",
            mixinStandardHelpOptions = true)
    static final class New extends SocketCommand {
        @Parameters(
                index = "0",
                paramLabel = "REPOSITORY",
                description = "OWNER/NAME or FORGE/OWNER/NAME")
        private String repository;

        @Parameters(
                index = "1",
                paramLabel = "NAME",
                defaultValue = "deploy",
                description = "the key's name; ${DEFAULT-VALUE}")
        private String name;

        @Override
        public Integer call() {
            return send(
                    new Command.NewSecret(repository, name),
                    reply -> {
                        if (reply instanceof Reply.Key key) {
                            out().println(key.publicKey());
                        }
                    });
        }
    }

    @picocli.CommandLine.Command(
            name = "list",
            description = "Lists keys.",
            mixinStandardHelpOptions = true)
    static final class ListKeys extends SocketCommand {
        @Parameters(paramLabel = "REPOSITORY", defaultValue = "", description = "of this one only")
        private String repository;

        @Override
        public Integer call() {
            return send(
                    new Command.ListSecrets(repository),
                    reply -> {
                        if (reply instanceof Reply.Key key) {
                            out().println(
                                            key.repository()
                                                    + " "
                                                    + key.name()
                                                    + " "
                                                    + key.publicKey());
                        }
                    });
        }
    }
}
