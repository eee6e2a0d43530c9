package airlock.secrets;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/// The secrets of repositories that phases use.
///
/// @param keys SSH keys
/// @param values tokens, files, variables, certificates
/// @param certificates makes fresh keys
public record SecretStore(SshKeys keys, StoredSecrets values, Certificates certificates) {
    /// The store in a state's database.
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
        var certificate = SshPairs.certificate(new String(line, StandardCharsets.US_ASCII));
        if (certificate.isEmpty()) {
            return Optional.of("not a user certificate on one line, as `ssh-keygen -s` writes it");
        }
        String certified = SshPairs.line(certificate.get().getCertPubKey());
        return own.get().publicLine().startsWith(certified + " ")
                ? Optional.empty()
                : Optional.of("it certifies another key than '" + key + "'");
    }

    /// Fills secrets drives.
    public SecretsDrive drive() {
        return new SecretsDrive(this);
    }
}
