package airlock.operator;

import airlock.config.AgentKey;
import airlock.config.CertificateWay;
import airlock.config.RepositoryConfig;
import airlock.config.SecretsConfig;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.CoreDumps;
import airlock.secrets.Rotation;
import airlock.secrets.SecretStore;
import airlock.secrets.SshKeys;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.site.Configured;
import airlock.site.Core;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Finds missing and weak secrets, for the doctor.
final class SecretHealth {
    private final Configured configured;
    private final SecretStore store;
    private final Rotation rotation;

    SecretHealth(Core core) {
        this.configured = core.configured();
        this.store = core.keys().secrets();
        this.rotation = core.keys().rotation();
    }

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
        rotation.unfinished().ifPresent(how -> found.accept(how, "airlock secret rotate"));
        for (var repository : configured.repositories()) {
            configured.idOf(repository).ifPresent(id -> look(repository, id, found));
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
                                                                                repository.name(),
                                                                                kind.key(),
                                                                                name),
                                                                "airlock secret set %s %s < FILE"
                                                                        .formatted(hook, name))));
        for (String name : keys(repository.secrets())) {
            var key = store.keys().find(id, name);
            if (key.isEmpty()) {
                found.accept(
                        "%s has no SSH key '%s', which its configuration uses"
                                .formatted(repository.name(), name),
                        "airlock secret new %s %s --for rsync:/DIRECTORY".formatted(hook, name));
            } else if (key.get().usedFor().isEmpty()) {
                found.accept(
                        "the SSH key '%s' of %s may be unrestricted at its target: no line that restricts it was printed"
                                .formatted(name, repository.name()),
                        "airlock secret line %s %s --for rsync:/DIRECTORY".formatted(hook, name));
            }
        }
    }

    private boolean isMissing(RepositoryId id, SecretKind kind, String name) {
        return store.values().list().stream()
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
