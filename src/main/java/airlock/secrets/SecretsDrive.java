package airlock.secrets;

import airlock.config.PhaseSecrets;
import airlock.secrets.Certificates.Certified;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Fills the secrets drive of a phase: an SSH key with the configuration that makes ssh use it,
/// files, variables. Which of them the phase gets is decided elsewhere, in one place (T2); secrets
/// that it does not get are not even opened.
public final class SecretsDrive {
    /// Where the guest unpacks the drive.
    public static final String FOLDER = "/ci/secrets";

    /// The private key's file.
    public static final String KEY = "ssh_key";

    /// The key's user certificate, if any. ssh looks for it under this name.
    static final String CERTIFICATE = "ssh_key-cert.pub";

    /// The content of `~/.ssh/config` in that VM (ssh_config(5)); present if the key is.
    static final String SSH_CONFIG = "ssh_config";

    private static final String CONFIG =
            """
            Host *
                IdentityFile %s/%s
                IdentitiesOnly yes
                BatchMode yes
                StrictHostKeyChecking accept-new
            """
                    .formatted(FOLDER, KEY);

    private final SecretStore store;

    SecretsDrive(SecretStore store) {
        this.store = store;
    }

    /// The answer of [#fill].
    public sealed interface Filling {
        /// The files of the drive.
        ///
        /// @param files none if the phase gets no secret
        record Filled(List<DriveFile> files) implements Filling {
            public Filled {
                files = List.copyOf(files);
            }
        }

        /// The configuration names a secret that does not exist.
        ///
        /// @param reason what the operator can do
        record Missing(String reason) implements Filling {}
    }

    /// Fills the drive of one phase.
    ///
    /// @param wanted the secrets of the phase
    public Filling fill(PhaseSecrets wanted, RunFacts facts) {
        var files = new ArrayList<DriveFile>();
        return sshFiles(wanted, facts, files)
                .or(() -> add(wanted.files(), SecretKind.FILE, facts, files))
                .or(() -> add(wanted.variables(), SecretKind.VARIABLE, facts, files))
                .<Filling>map(Filling.Missing::new)
                .orElseGet(() -> new Filling.Filled(files));
    }

    /// Adds the SSH key with its certificate.
    ///
    /// @return what is missing
    private Optional<String> sshFiles(PhaseSecrets wanted, RunFacts facts, List<DriveFile> files) {
        if (wanted.driveKey()) {
            var key = store.keys().privateFile(facts.repository(), SshKeys.DEFAULT_NAME);
            if (key.isEmpty()) {
                return Optional.of(
                        "the configuration puts an SSH key on the secrets drive of %s, but %s has none: run `airlock secret new`"
                                .formatted(facts.phase().key(), facts.repository()));
            }
            files.add(DriveFile.secret(KEY, key.get()));
            store.values()
                    .open(facts.repository(), SecretKind.CERTIFICATE, SshKeys.DEFAULT_NAME)
                    .ifPresent(line -> files.add(new DriveFile(CERTIFICATE, line, false)));
        }
        if (wanted.certificate().isPresent()) {
            switch (store.certificates().make(wanted.certificate().get(), facts)) {
                case Certified.Made(var key, var line) -> {
                    files.add(DriveFile.secret(KEY, key));
                    files.add(DriveFile.plain(CERTIFICATE, line + "\n"));
                }
                case Certified.Refused(var why) -> {
                    return Optional.of(why);
                }
            }
        }
        if (!files.isEmpty()) {
            files.add(DriveFile.plain(SSH_CONFIG, CONFIG));
        }
        return Optional.empty();
    }

    private Optional<String> add(
            List<String> names, SecretKind kind, RunFacts facts, List<DriveFile> files) {
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
            files.add(DriveFile.secret(name, value.get()));
        }
        return Optional.empty();
    }
}
