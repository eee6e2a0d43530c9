package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "token",
        description = "Makes, lists and ends tokens for reading what is private.",
        subcommands = {
            TokenCommand.New.class,
            TokenCommand.ListTokens.class,
            TokenCommand.Revoke.class
        })
final class TokenCommand extends Group {
    @picocli.CommandLine.Command(
            name = "new",
            description =
                    "Makes a token and prints it, this once. Send it as `Authorization: Bearer"
                            + " TOKEN`.")
    static final class New extends SocketCommand {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "what to call it, such as who uses it")
        private String name;

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "REPOSITORY",
                description = "what it opens: OWNER/NAME or FORGE/OWNER/NAME")
        private List<String> repositories;

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "90",
                description = "how long it opens anything; ${DEFAULT-VALUE}")
        private int days;

        @Override
        public Integer call() {
            return send(
                    new Command.NewToken(name, repositories, days),
                    Reply.TokenText.class,
                    token -> out().println(token.text()));
        }
    }

    @picocli.CommandLine.Command(
            name = "list",
            description = "Lists tokens, without the tokens themselves.")
    static final class ListTokens extends SocketCommand {
        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            return list(
                    new Command.ListTokens(), Reply.Token.class, json, "tokens", ListTokens::line);
        }

        private static String line(Reply.Token token) {
            return "%s  %s  until %s%s  made by %s"
                    .formatted(
                            token.name(),
                            String.join(", ", token.repositories()),
                            seconds(token.expiresAt()),
                            token.valid() ? "" : " (expired)",
                            token.madeBy());
        }
    }

    @picocli.CommandLine.Command(name = "revoke", description = "Ends a token at once.")
    static final class Revoke extends SocketCommand {
        @Parameters(paramLabel = "NAME", description = "the token's name")
        private String name;

        @Override
        public Integer call() {
            return send(new Command.RevokeToken(name));
        }
    }
}
