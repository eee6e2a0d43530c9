package airlock.operator;

import airlock.config.RepositoryConfig;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.Rotation;
import airlock.secrets.SecretKind;
import airlock.secrets.SecretStore;
import airlock.site.Configured;
import airlock.site.Core;
import airlock.site.Meant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists, forgets and seals anew the secrets of repositories (T9). No answer has a value.
final class SecretCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SecretCommands.class);
    private static final String KEY = "key";

    private final Configured configured;
    private final SecretStore store;
    private final Rotation rotation;

    SecretCommands(Core core) {
        this.configured = core.configured();
        this.store = core.secrets();
        this.rotation = core.rotation();
    }

    Reply remove(Command.RemoveSecret command, String who) {
        return Meant.reply(
                command.repository(),
                configured,
                (repository, id) -> {
                    var kinds =
                            kindsOf(id, command.name()).stream()
                                    .filter(
                                            kind ->
                                                    command.kind().isEmpty()
                                                            || kind.equals(command.kind()))
                                    .toList();
                    if (kinds.isEmpty()) {
                        return new Reply.Problem(
                                "%s has no secret '%s'; `airlock secret list` lists them"
                                        .formatted(repository.name(), command.name()));
                    }
                    if (kinds.size() > 1) {
                        return new Reply.Problem(
                                "'%s' is a %s; say --kind"
                                        .formatted(command.name(), String.join(" and a ", kinds)));
                    }
                    String kind = kinds.getFirst();
                    boolean _ =
                            kind.equals(KEY)
                                    ? store.keys().remove(id, command.name())
                                    : store.values()
                                            .remove(
                                                    id,
                                                    SecretKind.of(kind).orElseThrow(),
                                                    command.name());
                    LOG.info("{} removed the {} '{}' of {}", who, kind, command.name(), id);
                    return new Reply.Done(
                            "removed the %s '%s' of %s"
                                    .formatted(kind, command.name(), repository.name()));
                });
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
        for (var key : store.keys().list()) {
            tell(
                    only,
                    key.repository(),
                    new Reply.Stored(
                            name(key.repository()),
                            KEY,
                            key.name(),
                            key.madeBy(),
                            key.made().toEpochMilli(),
                            key.publicLine()),
                    replies);
        }
        for (var secret : store.values().list()) {
            tell(
                    only,
                    secret.repository(),
                    new Reply.Stored(
                            name(secret.repository()),
                            secret.kind().key(),
                            secret.name(),
                            secret.madeBy(),
                            secret.made().toEpochMilli(),
                            ""),
                    replies);
        }
        return new Reply.Done("");
    }

    private void tell(String only, RepositoryId id, Reply.Stored stored, Consumer<Reply> replies) {
        String hook = configured.configOf(id).map(Configured::hook).orElse("");
        if (only.isEmpty() || only.equals(stored.repository()) || only.equals(hook)) {
            replies.accept(stored);
        }
    }

    private String name(RepositoryId id) {
        return configured.configOf(id).map(RepositoryConfig::name).orElse(id.toString());
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
