package airlock.config;

import airlock.event.Phase;
import airlock.text.Shown;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What trusted phases may use of a repository's secrets.
final class SecretsSection {
    private static final int MOST = 100;

    private static final Key<List<Phase>> DRIVE =
            Key.or(
                            "drive",
                            Compounds.list(phase(), 0, 2),
                            List.of(),
                            "[]",
                            "Phases in whose VM the private key `deploy` (`airlock secret new`) lies"
                                    + " on the secrets drive as `/ci/secrets/ssh_key`, with ssh set"
                                    + " up to use it: `pre_plan`, `post_plan`, never `plan`. Only"
                                    + " pushes to listed refs get it.")
                    .example("[post_plan]");
    private static final Key<List<AgentKey>> AGENT =
            Key.or(
                    "agent",
                    Compounds.list(AgentKeySection.section(), 0, MOST),
                    List.of(),
                    "[]",
                    "SSH keys that the host signs with: they never enter a VM.");
    private static final Key<List<NamedSecret>> FILES =
            Key.or(
                    "files",
                    Compounds.list(
                            named("files", SecretName::isFile, SecretName.FILE_IS, "dput.cf"),
                            0,
                            MOST),
                    List.of(),
                    "[]",
                    "Files on the secrets drive (`airlock secret set`): `/ci/secrets/NAME`, mode 600.");
    private static final Key<List<NamedSecret>> VARIABLES =
            Key.or(
                    "variables",
                    Compounds.list(
                            named(
                                    "variables",
                                    SecretName::isVariable,
                                    SecretName.VARIABLE_IS,
                                    "UPLOAD_PASSWORD"),
                            0,
                            MOST),
                    List.of(),
                    "[]",
                    "Variables for those `shell` actions of `.airlock.yaml` that name them"
                            + " (`secrets: [NAME]`); they lie at `/ci/secrets/NAME` too.");

    private static final Key<CertificateWay> CERTIFICATE =
            Key.free(
                    "certificate",
                    CertificateSection.section(),
                    "none",
                    "A fresh SSH key for each phase, with a user certificate.");

    private final Key<List<ProxyToken>> tokens;

    SecretsSection(Surroundings surroundings) {
        tokens =
                Key.or(
                        "tokens",
                        Compounds.list(new TokenSection(surroundings).section(), 0, MOST),
                        List.of(),
                        "[]",
                        "Tokens that the host adds to requests: they never enter a VM.");
    }

    Section<SecretsConfig> section() {
        return new Section<>(
                "repositories[].secrets",
                "What trusted phases may use ([Secrets](secrets.md)): nothing, unless it stands"
                        + " here. Only pushes to listed refs get anything, but for what is marked"
                        + " `fetch`.",
                List.of(DRIVE, AGENT, CERTIFICATE, tokens, FILES, VARIABLES),
                this::make);
    }

    /// A phase that may have secrets.
    static Type<Phase> phase() {
        var phases = new LinkedHashMap<String, Phase>();
        phases.put(Phase.PRE_PLAN.key(), Phase.PRE_PLAN);
        phases.put(Phase.POST_PLAN.key(), Phase.POST_PLAN);
        return Scalars.choice(phases);
    }

    /// The phases that have it: post_plan, unless said otherwise.
    static Key<List<Phase>> phases() {
        return Key.or(
                        "phases",
                        Compounds.list(phase(), 1, 2),
                        List.of(Phase.POST_PLAN),
                        "[post_plan]",
                        "Which phases of a push to a listed ref have it; never `plan`.")
                .example("[pre_plan, post_plan]");
    }

    /// Whether runs that only fetch have it.
    static Key<Boolean> fetch() {
        return Key.or(
                        "fetch",
                        Scalars.FLAG,
                        false,
                        "false",
                        "Whether every pre_plan may use it, that of pushes to other refs and of"
                                + " inside change requests too: for private dependencies.")
                .example("true");
    }

    /// A name for people or programs.
    static Type<String> name(Predicate<String> fits, String expected) {
        return Scalars.TEXT.as(
                expected,
                text -> {
                    if (!fits.test(text)) {
                        throw new IllegalArgumentException(Shown.quoted(text) + " does not fit");
                    }
                    return text;
                });
    }

    private static Section<NamedSecret> named(
            String list, Predicate<String> fits, String expected, String example) {
        Key<String> name =
                Key.required("name", name(fits, expected), "Its name in the store and in the VM.")
                        .example(example);
        Key<List<Phase>> phases = phases();
        return new Section<>(
                "repositories[].secrets." + list + "[]",
                "One of the " + list + ".",
                List.of(name, phases),
                values -> new NamedSecret(values.get(name), Set.copyOf(values.get(phases))));
    }

    private SecretsConfig make(Values values) {
        var way = values.find(CERTIFICATE);
        var drive = new HashSet<>(values.get(DRIVE));
        way.stream()
                .flatMap(c -> c.phases().stream())
                .filter(drive::contains)
                .sorted()
                .forEach(
                        phase ->
                                values.place(CERTIFICATE)
                                        .error(
                                                "%s has the key of `drive` already, and both are /ci/secrets/ssh_key"
                                                        .formatted(phase.key())));
        checkNames(values);
        return new SecretsConfig(
                drive,
                values.get(AGENT),
                way,
                values.get(tokens),
                values.get(FILES),
                values.get(VARIABLES));
    }

    /// One name stands for one secret, so that `airlock secret set REPOSITORY NAME` is clear.
    private void checkNames(Values values) {
        var seen = new HashSet<String>();
        values.get(tokens).forEach(token -> once(seen, token.name(), tokens, values));
        values.get(FILES).forEach(file -> once(seen, file.name(), FILES, values));
        values.get(VARIABLES).forEach(variable -> once(seen, variable.name(), VARIABLES, values));
        var places = new HashSet<String>();
        for (ProxyToken token : values.get(tokens)) {
            if (!places.add(token.place() + token.path())) {
                values.place(tokens)
                        .error(
                                "two tokens for %s%s: which one is meant?"
                                        .formatted(token.place(), token.path()));
            }
        }
        var keys = new HashSet<String>();
        values.get(AGENT).forEach(key -> once(keys, key.key(), AGENT, values));
    }

    private static void once(Set<String> seen, String name, Key<?> key, Values values) {
        if (!seen.add(name)) {
            values.place(key).error("the name " + Shown.quoted(name) + " is there twice");
        }
    }
}
