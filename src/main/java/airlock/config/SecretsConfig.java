package airlock.config;

import airlock.event.Phase;
import airlock.event.TrustClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which of a repository's secrets its trusted phases may use, and how.
///
/// @param drive phases whose secrets drive carries the key `deploy`
public record SecretsConfig(
        Set<Phase> drive,
        List<AgentKey> agent,
        Optional<CertificateWay> certificate,
        List<ProxyToken> tokens,
        List<NamedSecret> files,
        List<NamedSecret> variables) {
    /// None.
    public static final SecretsConfig NOTHING =
            new SecretsConfig(
                    Set.of(), List.of(), Optional.empty(), List.of(), List.of(), List.of());

    public SecretsConfig {
        drive = Set.copyOf(drive);
        agent = List.copyOf(agent);
        tokens = List.copyOf(tokens);
        files = List.copyOf(files);
        variables = List.copyOf(variables);
    }

    /// What `phase` of a run of `trust` gets (T2). All that any VM ever has of a secret is decided
    /// here.
    public PhaseSecrets of(Phase phase, TrustClass trust) {
        return switch (phase) {
            case PLAN -> PhaseSecrets.NOTHING;
            case PRE_PLAN ->
                    switch (trust) {
                        case LISTED -> listed(phase);
                        case INSIDE -> fetching();
                        case OUTSIDE -> PhaseSecrets.NOTHING;
                    };
            case POST_PLAN ->
                    switch (trust) {
                        case LISTED -> listed(phase);
                        case INSIDE, OUTSIDE -> PhaseSecrets.NOTHING;
                    };
        };
    }

    private PhaseSecrets listed(Phase phase) {
        boolean fetches = phase == Phase.PRE_PLAN;
        return new PhaseSecrets(
                drive.contains(phase),
                agent.stream()
                        .filter(key -> key.phases().contains(phase) || (fetches && key.fetch()))
                        .toList(),
                certificate.filter(way -> way.phases().contains(phase)),
                tokens.stream()
                        .filter(
                                token ->
                                        token.phases().contains(phase)
                                                || (fetches && token.fetch()))
                        .toList(),
                names(files, phase),
                names(variables, phase));
    }

    private PhaseSecrets fetching() {
        return new PhaseSecrets(
                false,
                agent.stream().filter(AgentKey::fetch).toList(),
                Optional.empty(),
                tokens.stream().filter(ProxyToken::fetch).toList(),
                List.of(),
                List.of());
    }

    private static List<String> names(List<NamedSecret> secrets, Phase phase) {
        return secrets.stream()
                .filter(secret -> secret.phases().contains(phase))
                .map(NamedSecret::name)
                .toList();
    }
}
