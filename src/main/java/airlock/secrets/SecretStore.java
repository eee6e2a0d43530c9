package airlock.secrets;

import airlock.base.Hash;
import airlock.config.PhaseSecrets;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.secrets.Certificates.Certified;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.store.Database;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The secrets of repositories that phases use.
///
/// @param values tokens, files, variables, certificates
public record SecretStore(SshKeys keys, StoredSecrets values, Certificates certificates) {
    private static final String CONFIG =
            """
            Host *
                IdentityFile %s/%s
                IdentitiesOnly yes
                BatchMode yes
                StrictHostKeyChecking accept-new
            """
                    .formatted(DriveFile.FOLDER, DriveFile.KEY);

    public static SecretStore of(Database database, InstantSource clock, KeyFile keyFile) {
        var keys = new SshKeys(database, clock, keyFile);
        return new SecretStore(
                keys, new StoredSecrets(database, clock, keyFile), new Certificates(keys, clock));
    }

    /// Why `line` can't be the certificate of a key; empty if it can.
    public Optional<String> wrongCertificate(RepositoryId repository, String key, byte[] line) {
        var own = keys.find(repository, key);
        if (own.isEmpty()) {
            return Optional.of("there is no key '" + key + "' that it could be for");
        }
        var certificate = OpenSsh.certificate(new String(line, StandardCharsets.US_ASCII));
        if (certificate.isEmpty()) {
            return Optional.of("not a user certificate on one line, as `ssh-keygen -s` writes it");
        }
        String certified = OpenSsh.line(certificate.get().getCertPubKey());
        return own.get().publicLine().startsWith(certified + " ")
                ? Optional.empty()
                : Optional.of("it certifies another key than '" + key + "'");
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

    /// Fills the secrets drive of one phase: an SSH key with the configuration that makes ssh use
    /// it, files, variables. Which of them the phase gets is decided elsewhere, in one place (T2);
    /// secrets that it does not get are not even opened.
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
            var key = keys.privateFile(facts.repository(), SshKeys.DEFAULT_NAME);
            if (key.isEmpty()) {
                return Optional.of(
                        "the configuration puts an SSH key on the secrets drive of %s, but %s has none: run `airlock secret new`"
                                .formatted(facts.phase().key(), facts.repository()));
            }
            files.add(DriveFile.secret(DriveFile.KEY, key.get()));
            values.open(facts.repository(), SecretKind.CERTIFICATE, SshKeys.DEFAULT_NAME)
                    .ifPresent(
                            line -> files.add(new DriveFile(DriveFile.CERTIFICATE, line, false)));
        }
        if (wanted.certificate().isPresent()) {
            switch (certificates.make(wanted.certificate().get(), facts)) {
                case Certified.Made(var key, var line) -> {
                    files.add(DriveFile.secret(DriveFile.KEY, key));
                    files.add(DriveFile.plain(DriveFile.CERTIFICATE, line + "\n"));
                }
                case Certified.Refused(var why) -> {
                    return Optional.of(why);
                }
            }
        }
        if (!files.isEmpty()) {
            files.add(DriveFile.plain(DriveFile.SSH_CONFIG, CONFIG));
        }
        return Optional.empty();
    }

    private Optional<String> add(
            List<String> names, SecretKind kind, RunFacts facts, List<DriveFile> files) {
        for (String name : names) {
            var value = values.open(facts.repository(), kind, name);
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

    /// A file of a secrets drive, below `/ci/secrets`, for its owner alone. Never prints its
    /// content.
    ///
    /// @param isSecret whether logs must not show the content
    public record DriveFile(String name, byte[] content, boolean isSecret) {
        /// Where the guest unpacks the drive.
        public static final String FOLDER = "/ci/secrets";

        public static final String KEY = "ssh_key";

        /// The key's user certificate, if any. ssh looks for it under this name.
        static final String CERTIFICATE = "ssh_key-cert.pub";

        /// The content of `~/.ssh/config` in that VM (ssh_config(5)); present if the key is.
        static final String SSH_CONFIG = "ssh_config";

        /// Permission bits of every such file.
        public static final int MODE = 0600;

        static DriveFile secret(String name, byte[] content) {
            return new DriveFile(name, content, true);
        }

        /// A file whose content logs may show.
        public static DriveFile plain(String name, String text) {
            return new DriveFile(name, text.getBytes(StandardCharsets.UTF_8), false);
        }

        @Override
        public String toString() {
            return "DriveFile[%s, ***]".formatted(name);
        }
    }

    public record RunFacts(
            RunId run, RepositoryId repository, Subject subject, TrustClass trust, Phase phase) {
        /// A certificate's serial number: the first 63 bits of the SHA-256 of the run's id.
        long serial() {
            return ByteBuffer.wrap(Hash.sha256().add(run.text()).bytes()).getLong() >>> 1;
        }
    }
}
