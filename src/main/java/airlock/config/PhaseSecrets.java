package airlock.config;

import java.util.List;
import java.util.Optional;

/// The secrets of one phase of one run ([SecretsConfig#of]).
///
/// @param driveKey whether the key `deploy` is on its secrets drive
/// @param files names of files on the drive
/// @param variables names of files on the drive that actions may read as variables
public record PhaseSecrets(
        boolean driveKey,
        List<AgentKey> agent,
        Optional<CertificateWay> certificate,
        List<ProxyToken> tokens,
        List<String> files,
        List<String> variables) {
    public static final PhaseSecrets NOTHING =
            new PhaseSecrets(false, List.of(), Optional.empty(), List.of(), List.of(), List.of());

    public PhaseSecrets {
        agent = List.copyOf(agent);
        tokens = List.copyOf(tokens);
        files = List.copyOf(files);
        variables = List.copyOf(variables);
    }

    /// Whether its drive has any content.
    public boolean fillsDrive() {
        return driveKey || certificate.isPresent() || !files.isEmpty() || !variables.isEmpty();
    }

    /// Whether its output is private (T6). An agent does not make it private: signatures reveal no
    /// key.
    public boolean makesPrivate() {
        return fillsDrive() || !tokens.isEmpty();
    }
}
