package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock token new`, `airlock token list` and `airlock token revoke`.
@picocli.CommandLine.Command(
        name = "token",
        description = "Makes, lists and ends tokens for reading what is private.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TokenCommand.New.class,
            TokenCommand.ListTokens.class,
            TokenCommand.Revoke.class
        })
final class TokenCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(
                ExitCode.USAGE, "airlock token: which command? `new`, `list` or `revoke`");
    }

    @picocli.CommandLine.Command(
            name = "new",
            description =
                    "Makes a token and prints it, this once. Send it as `Authorization: Bearer"
                            + " TOKEN`.",
            mixinStandardHelpOptions = true)
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
                    reply -> {
                        if (reply instanceof Reply.TokenText token) {
                            out().println(token.text());
                        }
                    });
        }
    }

    @picocli.CommandLine.Command(
            name = "list",
            description = "Lists tokens, without the tokens themselves.",
            mixinStandardHelpOptions = true)
    static final class ListTokens extends SocketCommand {
        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            return list(
                    new Command.ListTokens(),
                    Reply.Token.class,
                    json,
                    "tokens",
                    new Form<>(ListTokens::line, ListTokens::members));
        }

        private static Map<String, @Nullable Object> members(Reply.Token token) {
            return JsonOption.members(
                    "name", token.name(),
                    "repositories", token.repositories(),
                    "made_by", token.madeBy(),
                    "made_at", JsonOption.time(token.madeMillis()),
                    "expires_at", JsonOption.time(token.expiresMillis()),
                    "valid", token.valid());
        }

        private static String line(Reply.Token token) {
            return SafeText.line(
                    "%s  %s  until %s%s  made by %s"
                            .formatted(
                                    token.name(),
                                    String.join(", ", token.repositories()),
                                    Instant.ofEpochMilli(token.expiresMillis())
                                            .truncatedTo(ChronoUnit.SECONDS),
                                    token.valid() ? "" : " (opens nothing)",
                                    token.madeBy()));
        }
    }

    @picocli.CommandLine.Command(
            name = "revoke",
            description = "Ends a token at once.",
            mixinStandardHelpOptions = true)
    static final class Revoke extends SocketCommand {
        @Parameters(paramLabel = "NAME", description = "the token's name")
        private String name;

        @Override
        public Integer call() {
            return send(new Command.RevokeToken(name), _ -> {});
        }
    }
}
