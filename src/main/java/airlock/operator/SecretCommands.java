package airlock.operator;

import airlock.config.AgentKey;
import airlock.config.CertificateWay;
import airlock.config.RepositoryConfig;
import airlock.config.SecretsConfig;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.CoreDumps;
import airlock.secrets.Rotation;
import airlock.secrets.SshKeys;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.secrets.TargetLine;
import airlock.site.Configured;
import airlock.site.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes SSH keys; lists, removes and reseals the secrets of repositories (T9). Answers never
/// contain a value.
record SecretCommands(Core core) {
    private static final Logger LOG = LoggerFactory.getLogger(SecretCommands.class);
    private static final String KEY = "key";

    Reply makeKey(Command.NewSecret command, String who, Consumer<Reply> replies) {
        String name = command.name();
        if (!SshKeys.validName(name)) {
            return new Reply.Problem("not a key's name: '" + name + "' (a-z, 0-9 and -)");
        }
        String repository = core.configured().named(command.repository()).name();
        var id = core.configured().idNamed(command.repository());
        var made = core.keys().secrets().keys().make(id, name, who);
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
        var id = core.configured().idNamed(command.repository());
        var key = core.keys().secrets().keys().find(id, command.name());
        if (key.isEmpty()) {
            return new Reply.Problem(
                    "%s has no key '%s'; `airlock secret new` makes one"
                            .formatted(core.configured().nameOf(id), command.name()));
        }
        core.keys().secrets().keys().use(id, command.name(), command.usedFor());
        return new Reply.Done(line.get().with(key.get().publicLine()));
    }

    Reply remove(Command.RemoveSecret command, String who) {
        String repository = core.configured().named(command.repository()).name();
        var id = core.configured().idNamed(command.repository());
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
                        ? core.keys().secrets().keys().remove(id, name)
                        : core.keys()
                                .secrets()
                                .values()
                                .remove(id, SecretKind.of(kind).orElseThrow(), name);
        LOG.info("{} removed the {} '{}' of {}", who, kind, name, id);
        return new Reply.Done("removed the %s '%s' of %s".formatted(kind, name, repository));
    }

    private List<String> kindsOf(RepositoryId id, String name) {
        var kinds = new ArrayList<String>();
        core.keys().secrets().keys().find(id, name).ifPresent(_ -> kinds.add(KEY));
        core.keys().secrets().values().list().stream()
                .filter(secret -> secret.repository().equals(id) && secret.name().equals(name))
                .map(secret -> secret.kind().key())
                .forEach(kinds::add);
        return kinds;
    }

    Reply list(String only, Consumer<Reply> replies) {
        core.keys().secrets().keys().list().stream()
                .filter(key -> isNamed(only, key.repository()))
                .map(
                        key ->
                                new Reply.Stored(
                                        core.configured().nameOf(key.repository()),
                                        KEY,
                                        key.name(),
                                        Optional.of(key.madeBy()).filter(who -> !who.isEmpty()),
                                        key.made(),
                                        Optional.of(key.publicLine())))
                .forEach(replies);
        core.keys().secrets().values().list().stream()
                .filter(secret -> isNamed(only, secret.repository()))
                .map(
                        secret ->
                                new Reply.Stored(
                                        core.configured().nameOf(secret.repository()),
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
                || only.equals(core.configured().nameOf(id))
                || only.equals(core.configured().hookOf(id));
    }

    Reply rotate(String who) throws InterruptedException {
        return switch (core.keys().rotation().rotate()) {
            case Rotation.Outcome.Done(int secrets, String left) -> {
                LOG.info("{} had {} secrets sealed with a new master key", who, secrets);
                yield new Reply.Done(
                        "%d secrets are sealed with the new master key%s"
                                .formatted(secrets, left.isEmpty() ? "" : "; " + left));
            }
            case Rotation.Outcome.Refused(String why) -> new Reply.Problem(why);
        };
    }

    /// Finds missing and weak secrets, for the doctor.
    record SecretHealth(Core core) {
        Reply problems(Consumer<Reply> replies) {
            BiConsumer<String, String> found =
                    (message, cure) -> replies.accept(new Reply.SecretProblem(message, cure));
            CoreDumps.here()
                    .possible()
                    .ifPresent(
                            how ->
                                    found.accept(
                                            how,
                                            "LimitCORE=1 in the service, or `ulimit -c 1` before it: 1"
                                                    + " forbids pipes too"));
            core.keys()
                    .rotation()
                    .unfinished()
                    .ifPresent(how -> found.accept(how, "airlock secret rotate"));
            for (var repository : core.configured().repositories()) {
                core.configured().idOf(repository).ifPresent(id -> look(repository, id, found));
            }
            return new Reply.Done("");
        }

        private void look(
                RepositoryConfig repository, RepositoryId id, BiConsumer<String, String> found) {
            String hook = Configured.hook(repository);
            ValueCommands.names(repository)
                    .forEach(
                            (kind, names) ->
                                    names.stream()
                                            .filter(name -> isMissing(id, kind, name))
                                            .forEach(
                                                    name ->
                                                            found.accept(
                                                                    "%s has no value for the %s '%s' of its configuration: phases that get it break"
                                                                            .formatted(
                                                                                    repository
                                                                                            .name(),
                                                                                    kind.key(),
                                                                                    name),
                                                                    "airlock secret set %s %s < FILE"
                                                                            .formatted(
                                                                                    hook, name))));
            for (String name : keys(repository.secrets())) {
                var key = core.keys().secrets().keys().find(id, name);
                if (key.isEmpty()) {
                    found.accept(
                            "%s has no SSH key '%s', which its configuration uses"
                                    .formatted(repository.name(), name),
                            "airlock secret new %s %s --for rsync:/DIRECTORY"
                                    .formatted(hook, name));
                } else if (key.get().usedFor().isEmpty()) {
                    found.accept(
                            "the SSH key '%s' of %s may be unrestricted at its target: no line that restricts it was printed"
                                    .formatted(name, repository.name()),
                            "airlock secret line %s %s --for rsync:/DIRECTORY"
                                    .formatted(hook, name));
                }
            }
        }

        private boolean isMissing(RepositoryId id, SecretKind kind, String name) {
            return core.keys().secrets().values().list().stream()
                    .noneMatch(
                            secret ->
                                    secret.repository().equals(id)
                                            && secret.kind() == kind
                                            && secret.name().equals(name));
        }

        private static Set<String> keys(SecretsConfig secrets) {
            var names = new TreeSet<String>();
            secrets.agent().stream().map(AgentKey::key).forEach(names::add);
            if (!secrets.drive().isEmpty()) {
                names.add(SshKeys.DEFAULT_NAME);
            }
            var signer = secrets.certificate().map(CertificateWay::signer);
            if (signer.isPresent() && signer.get() instanceof CertificateWay.Signer.Ca(var name)) {
                names.add(name);
            }
            return names;
        }
    }
}
