package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.Rotation;
import airlock.secrets.SecretStore;
import airlock.secrets.SshKeys;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.secrets.TargetLine;
import airlock.site.Configured;
import airlock.site.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes SSH keys; lists, removes and reseals the secrets of repositories (T9). Answers never
/// contain a value.
final class SecretCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SecretCommands.class);
    private static final String KEY = "key";

    private final Configured configured;
    private final SecretStore store;
    private final Rotation rotation;

    SecretCommands(Core core) {
        this.configured = core.configured();
        this.store = core.keys().secrets();
        this.rotation = core.keys().rotation();
    }

    Reply makeKey(Command.NewSecret command, String who, Consumer<Reply> replies) {
        String name = command.name();
        if (!SshKeys.validName(name)) {
            return new Reply.Problem("not a key's name: '" + name + "' (a-z, 0-9 and -)");
        }
        String repository = configured.named(command.repository()).name();
        var id = configured.idNamed(command.repository());
        var made = store.keys().make(id, name, who);
        if (made.isEmpty()) {
            return new Reply.Problem("%s has a key '%s' already".formatted(repository, name));
        }
        LOG.info("{} made the SSH key '{}' of {}", who, name, id);
        replies.accept(new Reply.Key(made.get().publicLine()));
        return new Reply.Done("");
    }

    /// The line that restricts a key at its target host.
    Reply line(Command.SecretLine command) {
        var line = TargetLine.of(command.usedFor());
        if (line.isEmpty()) {
            return new Reply.Problem("--for takes " + TargetLine.FORMS);
        }
        var id = configured.idNamed(command.repository());
        var key = store.keys().find(id, command.name());
        if (key.isEmpty()) {
            return new Reply.Problem(
                    "%s has no key '%s'; `airlock secret new` makes one"
                            .formatted(configured.nameOf(id), command.name()));
        }
        store.keys().use(id, command.name(), command.usedFor());
        return new Reply.Done(line.get().with(key.get().publicLine()));
    }

    Reply remove(Command.RemoveSecret command, String who) {
        String repository = configured.named(command.repository()).name();
        var id = configured.idNamed(command.repository());
        String name = command.name();
        var kinds = kindsOf(id, name);
        if (!command.kind().isEmpty()) {
            kinds.retainAll(List.of(command.kind()));
        }
        if (kinds.isEmpty()) {
            return new Reply.Problem(
                    "%s has no secret '%s'; `airlock secret list` lists them"
                            .formatted(repository, name));
        }
        if (kinds.size() > 1) {
            return new Reply.Problem(
                    "'%s' is a %s; say --kind".formatted(name, String.join(" and a ", kinds)));
        }
        String kind = kinds.getFirst();
        boolean _ =
                kind.equals(KEY)
                        ? store.keys().remove(id, name)
                        : store.values().remove(id, SecretKind.of(kind).orElseThrow(), name);
        LOG.info("{} removed the {} '{}' of {}", who, kind, name, id);
        return new Reply.Done("removed the %s '%s' of %s".formatted(kind, name, repository));
    }

    private List<String> kindsOf(RepositoryId id, String name) {
        var kinds = new ArrayList<String>();
        store.keys().find(id, name).ifPresent(_ -> kinds.add(KEY));
        store.values().list().stream()
                .filter(secret -> secret.repository().equals(id) && secret.name().equals(name))
                .map(secret -> secret.kind().key())
                .forEach(kinds::add);
        return kinds;
    }

    Reply list(String only, Consumer<Reply> replies) {
        store.keys().list().stream()
                .filter(key -> isNamed(only, key.repository()))
                .map(
                        key ->
                                new Reply.Stored(
                                        configured.nameOf(key.repository()),
                                        KEY,
                                        key.name(),
                                        Optional.of(key.madeBy()).filter(who -> !who.isEmpty()),
                                        key.made(),
                                        Optional.of(key.publicLine())))
                .forEach(replies);
        store.values().list().stream()
                .filter(secret -> isNamed(only, secret.repository()))
                .map(
                        secret ->
                                new Reply.Stored(
                                        configured.nameOf(secret.repository()),
                                        secret.kind().key(),
                                        secret.name(),
                                        Optional.of(secret.madeBy()),
                                        secret.made(),
                                        Optional.empty()))
                .forEach(replies);
        return new Reply.Done("");
    }

    private boolean isNamed(String only, RepositoryId id) {
        return only.isEmpty()
                || only.equals(configured.nameOf(id))
                || only.equals(configured.hookOf(id));
    }

    Reply rotate(String who) throws InterruptedException {
        return switch (rotation.rotate()) {
            case Rotation.Outcome.Done(int secrets, String left) -> {
                LOG.info("{} had {} secrets sealed with a new master key", who, secrets);
                yield new Reply.Done(
                        "%d secrets are sealed with the new master key%s"
                                .formatted(secrets, left.isEmpty() ? "" : "; " + left));
            }
            case Rotation.Outcome.Refused(String why) -> new Reply.Problem(why);
        };
    }
}
