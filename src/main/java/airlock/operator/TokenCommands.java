package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.Secret;
import airlock.secrets.ReadTokens.ReadToken;
import airlock.site.Core;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes, lists and revokes tokens for reading (T9).
record TokenCommands(Core core) {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCommands.class);

    Reply make(Command.NewToken command, String who, Consumer<Reply> replies) {
        var ids = command.repositories().stream().map(core.configured()::idNamed).toList();
        Optional<Secret> made;
        try {
            made =
                    core.keys()
                            .tokens()
                            .make(command.name(), ids, Duration.ofDays(command.days()), who);
        } catch (IllegalArgumentException e) {
            return new Reply.Problem(String.valueOf(e.getMessage()));
        }
        if (made.isEmpty()) {
            return new Reply.Problem(
                    "there is a token '%1$s' already; take another name, or first `airlock token revoke %1$s`"
                            .formatted(command.name()));
        }
        LOG.info("{} made token '{}' for {}", who, command.name(), ids);
        replies.accept(new Reply.TokenText(made.get().reveal()));
        return new Reply.Done("");
    }

    Reply list(Consumer<Reply> replies) {
        core.keys().tokens().list().stream().map(this::line).forEach(replies);
        return new Reply.Done("");
    }

    private Reply.Token line(ReadToken token) {
        return new Reply.Token(
                token.name(),
                token.repositories().stream().map(core.configured()::hookOf).toList(),
                token.madeBy(),
                token.made(),
                token.expires(),
                token.isValid(core.clock().instant()));
    }

    Reply revoke(String name, String who) {
        if (!core.keys().tokens().revoke(name)) {
            return new Reply.Problem(
                    "there is no token '" + name + "'; `airlock token list` lists them");
        }
        LOG.info("{} revoked token '{}'", who, name);
        return new Reply.Done("revoked; it is no longer accepted");
    }
}
