package airlock.secrets;

import airlock.config.PhaseSecrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Fills the secrets drive of a phase with what the phase gets: an SSH key with the configuration
/// by which ssh uses it, files, variables. What it gets is decided elsewhere, in one place (T2);
/// a secret that it does not get is not even opened.
public final class SecretsDrive {
    /// Where the drive is unpacked in the guest.
    public static final String FOLDER = "/ci/secrets";

    /// The private key's file.
    public static final String KEY = "ssh_key";

    /// The key's user certificate, where there is one. ssh looks for it by this name.
    public static final String CERTIFICATE = "ssh_key-cert.pub";

    /// What `~/.ssh/config` of that VM is to hold; present where the key is.
    public static final String SSH_CONFIG = "ssh_config";

    /// The host keys that ssh accepts; present where some are configured.
    public static final String KNOWN_HOSTS = "known_hosts";

    private final SecretStore store;

    public SecretsDrive(SecretStore store) {
        this.store = store;
    }

    /// What goes onto the drive of one phase.
    ///
    /// @param wanted what the phase gets
    /// @param facts whose phase it is
    /// @param knownHosts lines of sshd(8) `known_hosts`; empty where none are configured: then ssh
    ///     accepts the host key that it meets first
    public Filling fill(PhaseSecrets wanted, RunFacts facts, String knownHosts) {
        var files = new ArrayList<SecretFile>();
        var missing = sshFiles(wanted, facts, files);
        if (missing.isPresent()) {
            return new Filling.Missing(missing.get());
        }
        if (!files.isEmpty()) {
            addSshConfig(files, knownHosts);
        }
        var absent =
                add(wanted.files(), SecretKind.FILE, facts, files)
                        .or(() -> add(wanted.variables(), SecretKind.VARIABLE, facts, files));
        if (absent.isPresent()) {
            return new Filling.Missing(absent.get());
        }
        return files.isEmpty() ? new Filling.Empty() : new Filling.Filled(files);
    }

    /// Adds the SSH key with its certificate; why not, where there should be one and is none.
    private Optional<String> sshFiles(PhaseSecrets wanted, RunFacts facts, List<SecretFile> files) {
        if (wanted.driveKey()) {
            var key = store.keys().privateFile(facts.repository(), SshKeys.DEFAULT_NAME);
            if (key.isEmpty()) {
                return Optional.of(
                        "the configuration puts an SSH key on the secrets drive of %s, but %s has none: run `airlock secret new`"
                                .formatted(facts.phase().key(), facts.repository()));
            }
            files.add(SecretFile.secret(KEY, key.get()));
            store.values()
                    .open(facts.repository(), SecretKind.CERTIFICATE, SshKeys.DEFAULT_NAME)
                    .ifPresent(line -> files.add(SecretFile.plain(CERTIFICATE, line)));
        }
        if (wanted.certificate().isPresent()) {
            switch (store.certificates().make(wanted.certificate().get(), facts)) {
                case Certified.Made(var key, var line) -> {
                    files.add(SecretFile.secret(KEY, key));
                    files.add(SecretFile.plain(CERTIFICATE, utf8(line + "\n")));
                }
                case Certified.Refused(var why) -> {
                    return Optional.of(why);
                }
            }
        }
        return Optional.empty();
    }

    private static void addSshConfig(List<SecretFile> files, String knownHosts) {
        files.add(SecretFile.plain(SSH_CONFIG, utf8(sshConfig(!knownHosts.isBlank()))));
        if (!knownHosts.isBlank()) {
            files.add(SecretFile.plain(KNOWN_HOSTS, utf8(knownHosts.strip() + "\n")));
        }
    }

    private Optional<String> add(
            List<String> names, SecretKind kind, RunFacts facts, List<SecretFile> files) {
        for (String name : names) {
            var value = store.values().open(facts.repository(), kind, name);
            if (value.isEmpty()) {
                return Optional.of(
                        "the configuration gives the %s '%s' to %s, but %s has none of that name: run `airlock secret set REPOSITORY %s`"
                                .formatted(
                                        kind.key(),
                                        name,
                                        facts.phase().key(),
                                        facts.repository(),
                                        name));
            }
            files.add(SecretFile.secret(name, value.get()));
        }
        return Optional.empty();
    }

    /// ssh_config(5). Nobody is there to answer a question.
    private static String sshConfig(boolean hostsKnown) {
        var lines = new ArrayList<String>();
        lines.add("Host *");
        lines.add("    IdentityFile " + FOLDER + "/" + KEY);
        lines.add("    IdentitiesOnly yes");
        lines.add("    BatchMode yes");
        if (hostsKnown) {
            lines.add("    UserKnownHostsFile " + FOLDER + "/" + KNOWN_HOSTS);
            lines.add("    StrictHostKeyChecking yes");
        } else {
            lines.add("    StrictHostKeyChecking accept-new");
        }
        return String.join("\n", lines) + "\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
