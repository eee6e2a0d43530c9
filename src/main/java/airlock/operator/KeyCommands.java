package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.secrets.NewKey;
import airlock.secrets.SshKeys;
import airlock.secrets.TargetLine;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.site.Meant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the SSH keys of repositories, and the lines that restrict them at their targets.
final class KeyCommands {
    private static final Logger LOG = LoggerFactory.getLogger(KeyCommands.class);

    private final Configured configured;
    private final SshKeys keys;

    KeyCommands(Core core) {
        this.configured = core.configured();
        this.keys = core.secrets().keys();
    }

    Reply make(Command.NewSecret command, String who, Consumer<Reply> replies) {
        if (!SshKeys.validName(command.name())) {
            return new Reply.Problem("not a key's name: '" + command.name() + "' (a-z, 0-9 and -)");
        }
        return Meant.reply(
                command.repository(),
                configured,
                (repository, id) ->
                        switch (keys.make(id, command.name(), who)) {
                            case NewKey.Made(var key) -> {
                                LOG.info("{} made the SSH key '{}' of {}", who, key.name(), id);
                                replies.accept(
                                        new Reply.Key(
                                                repository.name(), key.name(), key.publicLine()));
                                yield new Reply.Done("");
                            }
                            case NewKey.Exists _ ->
                                    new Reply.Problem(
                                            "%s has a key '%s' already"
                                                    .formatted(repository.name(), command.name()));
                        });
    }

    Reply line(Command.SecretLine command) {
        var line = TargetLine.of(command.usedFor());
        if (line.isEmpty()) {
            return new Reply.Problem("--for takes " + TargetLine.FORMS);
        }
        return Meant.reply(
                command.repository(),
                configured,
                (repository, id) -> {
                    var key = keys.find(id, command.name());
                    if (key.isEmpty()) {
                        return new Reply.Problem(
                                "%s has no key '%s'; `airlock secret new` makes one"
                                        .formatted(repository.name(), command.name()));
                    }
                    keys.use(id, command.name(), command.usedFor());
                    return new Reply.Done(line.get().with(key.get().publicLine()));
                });
    }
}
