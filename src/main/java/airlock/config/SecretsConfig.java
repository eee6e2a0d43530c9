package airlock.config;

import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.text.SafeText;
import airlock.yaml.Place;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The secrets of a repository's trusted phases.
@Setting.Group(
        title = "repositories[].secrets",
        about =
                "The secrets of trusted phases ([Secrets](secrets.md)). Only pushes to listed refs"
                        + " get any, except for those marked `fetch`.")
public record SecretsConfig(
        @Setting(
                        value =
                                "Phases, of `pre_plan` and `post_plan`, that get the private key"
                                        + " `deploy` (`airlock secret new`) on the secrets drive"
                                        + " as `/ci/secrets/ssh_key`, with ssh set up to use it."
                                        + " Only pushes to listed refs get it.",
                        or = "[]",
                        type = "phase",
                        range = "0 to 2",
                        example = "[post_plan]")
                Set<Phase> drive,
        @Setting(value = "SSH keys that the host signs with.", or = "[]", range = "0 to 100")
                List<AgentKey> agent,
        @Setting(value = "A fresh SSH key with a user certificate per phase.", without = "none")
                Optional<CertificateWay> certificate,
        @Setting(value = "Tokens that the host adds to requests.", or = "[]", range = "0 to 100")
                List<ProxyToken> tokens,
        @Setting(
                        value =
                                "Files on the secrets drive (`airlock secret set`):"
                                        + " `/ci/secrets/NAME`, mode 600.",
                        or = "[]",
                        type = "file",
                        range = "0 to 100")
                List<NamedSecret> files,
        @Setting(
                        value =
                                "Variables for `shell` actions of `.airlock.yaml` that name them"
                                        + " (`secrets: [NAME]`); also files, `/ci/secrets/NAME`.",
                        or = "[]",
                        type = "variable",
                        range = "0 to 100")
                List<NamedSecret> variables)
        implements Setting.Checked {
    public static final SecretsConfig NOTHING =
            new SecretsConfig(
                    Set.of(), List.of(), Optional.empty(), List.of(), List.of(), List.of());

    static final String PHASES = "Phases that get it, for pushes to listed refs; never `plan`.";
    static final String FETCH =
            "Whether pre_plan of pushes to other refs and of inside change requests may use it too:"
                    + " for private dependencies.";

    /// A user name in characters that no shell interprets.
    static final String USER = "[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}";

    static final String USER_IS = "a user's name of letters, digits, ., _, @ and -, at most 64";

    public SecretsConfig {
        drive = Set.copyOf(drive);
        agent = List.copyOf(agent);
        tokens = List.copyOf(tokens);
        files = List.copyOf(files);
        variables = List.copyOf(variables);
    }

    @Override
    public void check(Values values) {
        certificate.stream()
                .flatMap(way -> way.phases().stream())
                .filter(drive::contains)
                .sorted()
                .forEach(
                        phase ->
                                values.place("certificate")
                                        .error(
                                                "%s has the key of `drive` already, and both are /ci/secrets/ssh_key"
                                                        .formatted(phase.key())));
        checkNames(values);
        var places = new HashSet<String>();
        for (ProxyToken token : tokens) {
            if (!places.add(token.place() + token.path())) {
                values.place("tokens")
                        .error(
                                "two tokens for %s%s: which one is meant?"
                                        .formatted(token.place(), token.path()));
            }
        }
    }

    /// A name must be unique, so that `airlock secret set REPOSITORY NAME` is unambiguous.
    private void checkNames(Values values) {
        var seen = new HashSet<String>();
        once(seen, tokens.stream().map(ProxyToken::name), values.place("tokens"));
        once(seen, files.stream().map(NamedSecret::name), values.place("files"));
        once(seen, variables.stream().map(NamedSecret::name), values.place("variables"));
        once(new HashSet<>(), agent.stream().map(AgentKey::key), values.place("agent"));
    }

    private static void once(Set<String> seen, Stream<String> names, Place place) {
        names.filter(name -> !seen.add(name))
                .forEach(name -> place.error("duplicate name " + SafeText.quoted(name)));
    }

    /// The secrets of a phase of a run (T2). Nothing else decides which secrets a VM has.
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
