package airlock.operator;

import airlock.config.AgentKey;
import airlock.config.CertificateWay;
import airlock.config.RepositoryConfig;
import airlock.config.SecretsConfig;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.CoreDumps;
import airlock.secrets.SecretKind;
import airlock.secrets.SecretStore;
import airlock.secrets.SshKeys;
import airlock.site.Configured;
import airlock.site.Core;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What is missing or weak about secrets, for the doctor.
final class SecretHealth {
    private final Configured configured;
    private final SecretStore store;
    private final Core core;

    SecretHealth(Core core) {
        this.core = core;
        this.configured = core.configured();
        this.store = core.secrets();
    }

    Reply problems(Consumer<Reply> replies) {
        CoreDumps.here()
                .possible()
                .ifPresent(
                        how ->
                                replies.accept(
                                        new Reply.SecretProblem(
                                                how,
                                                "LimitCORE=1 in the service, or `ulimit -c 1`"
                                                        + " before it: 1 forbids pipes too")));
        core.rotation()
                .unfinished()
                .ifPresent(
                        how ->
                                replies.accept(
                                        new Reply.SecretProblem(how, "airlock secret rotate")));
        for (var repository : configured.repositories()) {
            configured.idOf(repository).ifPresent(id -> look(repository, id, replies));
        }
        return new Reply.Done("");
    }

    private void look(RepositoryConfig repository, RepositoryId id, Consumer<Reply> replies) {
        var secrets = repository.secrets();
        secrets.tokens()
                .forEach(token -> value(repository, id, SecretKind.TOKEN, token.name(), replies));
        secrets.files()
                .forEach(file -> value(repository, id, SecretKind.FILE, file.name(), replies));
        secrets.variables()
                .forEach(
                        variable ->
                                value(
                                        repository,
                                        id,
                                        SecretKind.VARIABLE,
                                        variable.name(),
                                        replies));
        for (String name : keys(secrets)) {
            key(repository, id, name, replies);
        }
    }

    private static Set<String> keys(SecretsConfig secrets) {
        var names = new TreeSet<String>();
        secrets.agent().stream().map(AgentKey::key).forEach(names::add);
        if (!secrets.drive().isEmpty()) {
            names.add(SshKeys.DEFAULT_NAME);
        }
        secrets.certificate()
                .map(CertificateWay::signer)
                .ifPresent(
                        signer -> {
                            switch (signer) {
                                case CertificateWay.Signer.Ca(var name) -> names.add(name);
                                case CertificateWay.Signer.Command _ -> {}
                            }
                        });
        return names;
    }

    private void value(
            RepositoryConfig repository,
            RepositoryId id,
            SecretKind kind,
            String name,
            Consumer<Reply> replies) {
        boolean there =
                store.values().list().stream()
                        .anyMatch(
                                secret ->
                                        secret.repository().equals(id)
                                                && secret.kind() == kind
                                                && secret.name().equals(name));
        if (!there) {
            replies.accept(
                    new Reply.SecretProblem(
                            "%s has no value for the %s '%s' of its configuration: phases that get it break"
                                    .formatted(repository.name(), kind.key(), name),
                            "airlock secret set %s %s < FILE"
                                    .formatted(Configured.hook(repository), name)));
        }
    }

    private void key(
            RepositoryConfig repository, RepositoryId id, String name, Consumer<Reply> replies) {
        String words = Configured.hook(repository) + " " + name;
        var key = store.keys().find(id, name);
        if (key.isEmpty()) {
            replies.accept(
                    new Reply.SecretProblem(
                            "%s has no SSH key '%s', which its configuration uses"
                                    .formatted(repository.name(), name),
                            "airlock secret new " + words + " --for rsync:/DIRECTORY"));
        } else if (key.get().usedFor().isEmpty()) {
            replies.accept(
                    new Reply.SecretProblem(
                            "nobody asked for a line that restricts the SSH key '%s' of %s at its target: perhaps it may do everything there"
                                    .formatted(name, repository.name()),
                            "airlock secret line " + words + " --for rsync:/DIRECTORY"));
        }
    }
}
