package airlock.config;

import java.util.List;
import java.util.Optional;

/// What one phase of one run may use ([SecretsConfig#of]).
///
/// @param driveKey whether the key `deploy` lies on its secrets drive
/// @param files names of files on the drive
/// @param variables names of files on the drive that actions may read as variables
public record PhaseSecrets(
        boolean driveKey,
        List<AgentKey> agent,
        Optional<CertificateWay> certificate,
        List<ProxyToken> tokens,
        List<String> files,
        List<String> variables) {
    /// Nothing.
    public static final PhaseSecrets NOTHING =
            new PhaseSecrets(false, List.of(), Optional.empty(), List.of(), List.of(), List.of());

    public PhaseSecrets {
        agent = List.copyOf(agent);
        tokens = List.copyOf(tokens);
        files = List.copyOf(files);
        variables = List.copyOf(variables);
    }

    /// Whether anything lies on its drive.
    public boolean fillsDrive() {
        return driveKey || certificate.isPresent() || !files.isEmpty() || !variables.isEmpty();
    }

    /// Whether what it writes is private (T6): a signature by an agent tells nothing of the key.
    public boolean makesPrivate() {
        return fillsDrive() || !tokens.isEmpty();
    }
}
