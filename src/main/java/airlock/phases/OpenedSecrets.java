package airlock.phases;

import airlock.agent.HostKey;
import airlock.agent.SigningKey;
import airlock.config.AgentKey;
import airlock.config.HostName;
import airlock.config.KnownHost;
import airlock.config.ProxyToken;
import airlock.event.Phase;
import airlock.event.Secret;
import airlock.plan.DputFile;
import airlock.secrets.SecretStore;
import airlock.secrets.SecretStore.DriveFile;
import airlock.secrets.SecretStore.Filling;
import airlock.secrets.SecretStore.RunFacts;
import airlock.secrets.SshKeys.AgentSigner;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.text.SecretForms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/// The opened secrets of one phase: files for its drive, and tokens and keys that stay on the host.
record OpenedSecrets(List<DriveFile> drive, List<HeldToken> tokens, List<HeldKey> agent) {
    private static final String SETTING = "repositories[].secrets.agent";

    record HeldToken(ProxyToken token, Secret value) {
        Secret header() {
            return new Secret(token.value().replace(ProxyToken.HERE, value.reveal()));
        }
    }

    record HeldKey(AgentKey key, AgentSigner signer) {
        /// @param known the keys of ssh servers
        /// @param notes gets a line for each server key that the agent can't use
        SigningKey forAgent(List<KnownHost> known, Consumer<String> notes) {
            return new SigningKey(
                    signer.publicBlob(),
                    signer.comment(),
                    signer::sign,
                    SETTING + " of key " + key.key(),
                    Set.copyOf(key.users()),
                    key.hosts().stream()
                            .flatMap(host -> keysOf(host, known, notes).stream())
                            .toList(),
                    key.signatures());
        }

        private static List<SigningKey.Host> keysOf(
                HostName host, List<KnownHost> known, Consumer<String> notes) {
            var keys = new ArrayList<SigningKey.Host>();
            for (KnownHost line : known) {
                if (line.isOf(host)) {
                    switch (HostKey.read(line.blob())) {
                        case HostKey.Reading.Read(var key) ->
                                keys.add(new SigningKey.Host(host.text(), key));
                        case HostKey.Reading.Refused(var why) ->
                                notes.accept(
                                        "warning: the agent can't use the key of %s, which %s"
                                                .formatted(host, why));
                    }
                }
            }
            return keys;
        }
    }

    OpenedSecrets {
        drive = List.copyOf(drive);
        tokens = List.copyOf(tokens);
        agent = List.copyOf(agent);
    }

    /// A secret of the phase is missing or can't be used; the message says what to do.
    static final class MissingSecretException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingSecretException(String message) {
            super(message);
        }
    }

    /// @throws MissingSecretException if one does not exist
    static OpenedSecrets open(PhaseOrder order, SecretStore store) {
        var wanted = order.secrets();
        var facts =
                new RunFacts(
                        order.key().run(),
                        order.id(),
                        order.subject(),
                        order.trust(),
                        order.phase());
        var tokens = new ArrayList<HeldToken>();
        for (ProxyToken token : wanted.tokens()) {
            var value = store.values().open(order.id(), SecretKind.TOKEN, token.name());
            if (value.isEmpty()) {
                throw missing(order, "token", token.name(), "set");
            }
            tokens.add(
                    new HeldToken(
                            token, new Secret(new String(value.get(), StandardCharsets.UTF_8))));
        }
        var agent = new ArrayList<HeldKey>();
        for (AgentKey key : wanted.agent()) {
            var signer = store.keys().signer(order.id(), key.key());
            if (signer.isEmpty()) {
                throw missing(order, "SSH key", key.key(), "new");
            }
            agent.add(new HeldKey(key, signer.get()));
        }
        return switch (store.fill(wanted, facts)) {
            case Filling.Filled(var files) ->
                    new OpenedSecrets(withDput(files, order), tokens, agent);
            case Filling.Missing(var reason) -> throw new MissingSecretException(reason);
        };
    }

    /// Adds `dput.cf` for the target of post_plan if the files have an SSH key, as Ambient does
    /// (reference/ambient.md, section 3.3). The operator's own `dput.cf` stays as it is.
    private static List<DriveFile> withDput(List<DriveFile> files, PhaseOrder order) {
        var names = files.stream().map(DriveFile::name).toList();
        var all = new ArrayList<>(files);
        if (order.phase() == Phase.POST_PLAN
                && names.contains(DriveFile.KEY)
                && !names.contains(DputFile.NAME)) {
            DputFile.of(order.settings().destinations())
                    .map(text -> DriveFile.plain(DputFile.NAME, text))
                    .ifPresent(all::add);
        }
        return all;
    }

    private static MissingSecretException missing(
            PhaseOrder order, String kind, String name, String command) {
        return new MissingSecretException(
                "the configuration lets %s use the %s '%s', but %s has none of that name: run `airlock secret %s REPOSITORY %s`"
                        .formatted(order.phase().key(), kind, name, order.id(), command, name));
    }

    /// The forms that logs must not show.
    SecretForms forms() {
        return SecretForms.of(values());
    }

    /// Also in lower case, since host names are compared and written so.
    SecretForms formsInNames() {
        var all = values();
        for (byte[] value : values()) {
            String text = new String(value, StandardCharsets.ISO_8859_1);
            all.add(text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
        }
        return SecretForms.of(all);
    }

    private List<byte[]> values() {
        var values = new ArrayList<byte[]>();
        drive.stream().filter(DriveFile::isSecret).map(DriveFile::content).forEach(values::add);
        tokens.stream().map(held -> held.value().bytes()).forEach(values::add);
        return values;
    }
}
