package airlock.config;

import airlock.config.RepositoryConfig.Exposure;
import airlock.event.Secret;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A repository, given what stands around it.
final class RepositorySection {
    private static final int SHORT = 16;
    private static final int MOST_IMAGES = 100;
    private static final Key<String> NAME =
            Key.required(
                            "name",
                            Names.repository(),
                            "As in the hook's URL, `BASE_URL/hooks/FORGE/NAME`: owner and"
                                    + " repository as the forge shows them.")
                    .example("alice/hello");
    private static final Key<String> ID =
            Key.free(
                            "id",
                            Names.forgeId(),
                            "the id of the first verified delivery, kept from then on",
                            "The forge's own id for the repository, which never changes. A delivery"
                                    + " that tells of another one is refused.")
                    .example("4711");
    private static final Key<URI> URL =
            Key.required(
                            "url",
                            Addresses.fetch(),
                            "Where commits are fetched from. Airlock fetches from nowhere else,"
                                    + " whatever a webhook says.")
                    .example("https://codeberg.org/alice/hello.git");
    private static final Key<String> DEFAULT_BRANCH =
            Key.or(
                            "default_branch",
                            Names.branch(),
                            "main",
                            "main",
                            "The branch that badges show and whose outputs others start from.")
                    .example("main");
    private static final Key<List<RefPattern>> LISTED_REFS =
            Key.free(
                            "listed_refs",
                            Compounds.list(Names.refPattern(), 0, 100),
                            "the default branch alone",
                            "Pushes to these refs get secrets and a post_plan, all others never."
                                    + " Patterns are explained above; `[]` lists none.")
                    .example("[main, release/*, refs/tags/v*]");
    private static final Key<NetworkConfig> NETWORK =
            Key.or(
                    "network",
                    NetworkSection.section(),
                    NetworkConfig.NOTHING,
                    "{}",
                    "Where trusted phases may connect to.");
    private static final Key<Destinations> TARGETS =
            Key.or(
                    "targets",
                    TargetsSection.section(),
                    Destinations.NONE,
                    "{}",
                    "Where actions of post_plan publish to.");
    private static final Key<UnaryOperator<Limits>> LIMITS =
            Key.or(
                    "limits",
                    new LimitsSection(true).section(),
                    UnaryOperator.identity(),
                    "{}",
                    "Other limits than the common ones.");
    private static final Key<UnaryOperator<Retention>> RETENTION =
            Key.or(
                    "retention",
                    new RetentionSection(true).ofRepository(),
                    UnaryOperator.identity(),
                    "{}",
                    "Something else to be kept than of the others.");
    private static final Key<Exposure> PUBLIC =
            Key.or(
                            "public",
                            Scalars.flagOr(
                                    Exposure.PUBLIC,
                                    Exposure.PRIVATE,
                                    "ask",
                                    Exposure.AS_THE_FORGE),
                            Exposure.PRIVATE,
                            "false",
                            "Whether everybody may see its runs, logs, artifacts and badge. `ask`:"
                                    + " while the forge shows the repository to everybody"
                                    + " ([the web pages](web.md#who-sees-what)).")
                    .example("true");
    private static final Key<Boolean> DRAFTS =
            flag("drafts", "Whether change requests that are drafts are tested too.");
    private static final Key<Boolean> CANCEL_RUNNING =
            flag(
                    "cancel_running",
                    "Whether a newer push to the same ref cancels a run that has begun. One that"
                            + " waits is superseded always.");

    private final Set<String> seen = new HashSet<>();
    private final Key<String> forge;
    private final Key<String> image;
    private final Key<List<String>> images;
    private final Key<List<Secret>> hookSecret;
    private final Key<Function<URI, FetchCredentials>> credentials;
    private final Key<SecretsConfig> secrets;

    /// What holds for repositories that say nothing else.
    record Common(
            String image,
            boolean trustedCode,
            Limits limits,
            Retention retention,
            Mirrors mirrors,
            Map<String, ForgeConfig> forges) {}

    /// One for each reading: it remembers the repositories that it has seen.
    RepositorySection(Surroundings surroundings) {
        forge =
                Key.required(
                                "forge",
                                Names.among(surroundings.forges(), "forges"),
                                "The forge's name in `forges`.")
                        .example("codeberg");
        image =
                Key.free(
                                "image",
                                Names.among(surroundings.images(), "images"),
                                "`default_image`",
                                "The image's name in `images`.")
                        .example("debian-13");
        images = images(surroundings);
        hookSecret =
                Key.or(
                                "hook_secret",
                                Compounds.oneOrList(
                                        new SecretType(
                                                surroundings,
                                                "make it: `(umask 077; openssl rand -hex 32 >"
                                                        + " PATH)`",
                                                false),
                                        2),
                                List.of(),
                                "what `airlock hook new` made",
                                "The secret that the forge signs deliveries with. While it is being"
                                        + " changed, a list of two: either is accepted. Those that"
                                        + " `airlock hook new` made are accepted, too.")
                        .example("{file: secrets/hello-hook}");
        credentials = credentials(surroundings);
        secrets = secrets(surroundings);
    }

    private static Key<Function<URI, FetchCredentials>> credentials(Surroundings surroundings) {
        return Key.free(
                "credentials",
                new CredentialsSection(surroundings).section(),
                "the forge's token, if the git server asks for a login at the forge's own"
                        + " `url`; else nothing",
                "What fetching takes. A token of its own that may only read is safer for"
                        + " a private repository: a fetch process reads what strangers"
                        + " wrote ([Security](security.md)).");
    }

    private static Key<List<String>> images(Surroundings surroundings) {
        return Key.or(
                        "images",
                        Compounds.list(
                                Names.among(surroundings.images(), "images"), 0, MOST_IMAGES),
                        List.of(),
                        "[]",
                        "Names in `images` that its plans may choose with `image` beside its own.")
                .example("[debian-13]");
    }

    private static Key<SecretsConfig> secrets(Surroundings surroundings) {
        return Key.or(
                "secrets",
                Compounds.orNothing(
                        new SecretsSection(surroundings).section(), SecretsConfig.NOTHING),
                SecretsConfig.NOTHING,
                "{}",
                "What trusted phases may use, and how.");
    }

    private static Key<Boolean> flag(String name, String meaning) {
        return Key.or(name, Scalars.FLAG, false, "false", meaning).example("true");
    }

    Section<Function<Common, RepositoryConfig>> section() {
        return new Section<>(
                "repositories[]",
                "A repository to test.",
                List.of(
                        NAME,
                        forge,
                        ID,
                        URL,
                        credentials,
                        hookSecret,
                        image,
                        images,
                        DEFAULT_BRANCH,
                        LISTED_REFS,
                        secrets,
                        NETWORK,
                        TARGETS,
                        LIMITS,
                        RETENTION,
                        PUBLIC,
                        DRAFTS,
                        CANCEL_RUNNING),
                this::make);
    }

    /// What a run without a server takes of it: no secret is opened.
    Section<BiFunction<String, Limits, LocalConfig.Repository>> local() {
        return section()
                .only(
                        List.of(NAME, image, images, NETWORK, LIMITS),
                        values ->
                                (commonImage, commonLimits) ->
                                        new LocalConfig.Repository(
                                                values.get(NAME),
                                                values.find(image).orElse(commonImage),
                                                Set.copyOf(values.get(images)),
                                                values.get(NETWORK),
                                                values.get(LIMITS).apply(commonLimits)));
    }

    private Function<Common, RepositoryConfig> make(Values values) {
        check(values);
        URI url = values.get(URL);
        Optional<FetchCredentials> own = credentials(values, url);
        String branch = values.get(DEFAULT_BRANCH);
        return common ->
                new RepositoryConfig(
                        values.get(NAME),
                        values.get(forge),
                        values.find(ID).orElse(""),
                        url,
                        own.orElseGet(() -> ofForge(common.forges().get(values.get(forge)), url)),
                        values.get(hookSecret),
                        values.find(image).orElse(common.image()),
                        new PlanRules(Set.copyOf(values.get(images)), common.trustedCode()),
                        branch,
                        values.find(LISTED_REFS).orElseGet(() -> List.of(RefPattern.of(branch))),
                        values.get(secrets),
                        values.get(NETWORK),
                        values.get(TARGETS).with(common.mirrors()),
                        values.get(LIMITS).apply(common.limits()),
                        values.get(RETENTION).apply(common.retention()),
                        values.get(PUBLIC),
                        values.get(DRAFTS),
                        values.get(CANCEL_RUNNING));
    }

    private Optional<FetchCredentials> credentials(Values values, URI url) {
        if (values.find(credentials).isEmpty() && url.getScheme().equals("ssh")) {
            values.place(URL).error("ssh:// needs credentials with ssh_key and known_hosts");
        }
        return values.find(credentials).map(make -> make.apply(url));
    }

    /// The forge's token goes to the forge alone, and never in clear over a network.
    private static FetchCredentials ofForge(@Nullable ForgeConfig forge, URI url) {
        return forge != null
                        && Addresses.isSameOrigin(forge.url(), url)
                        && !Addresses.isExposed(url)
                ? new FetchCredentials.ForgeToken(forge.token())
                : new FetchCredentials.None();
    }

    private static void checkTargets(Values values) {
        var targets = values.get(TARGETS);
        targets.rsync().ifPresent(t -> checkReached(values, t.host(), t.port()));
        targets.dput()
                .flatMap(DputTarget::server)
                .ifPresent(server -> checkReached(values, server.host(), server.actualPort()));
    }

    private static void checkReached(Values values, HostName host, int port) {
        if (!values.get(NETWORK).postPlan().lets(host, port)) {
            values.place(TARGETS)
                    .warning(
                            "no post_plan reaches %s:%d: it is not in network.post_plan.allow"
                                    .formatted(host, port));
        }
    }

    /// An agent signs for nobody whose key it does not know.
    private void checkAgent(Values values) {
        var known = values.get(NETWORK).postPlan().knownHosts();
        for (AgentKey key : values.get(secrets).agent()) {
            for (HostName host : key.hosts()) {
                if (known.stream().noneMatch(line -> line.isOf(host))) {
                    values.place(secrets)
                            .error(
                                    "the agent knows no key of %s: network.known_hosts has no line of it"
                                            .formatted(host),
                                    "the line that `ssh-keyscan " + host + "` prints");
                }
            }
        }
    }

    private void check(Values values) {
        checkTargets(values);
        checkAgent(values);
        String name = values.get(NAME).toLowerCase(Locale.ROOT);
        if (!seen.add(values.get(forge) + "/" + name)) {
            values.place(NAME).error("the repository is there twice");
        }
        if (values.find(ID).isPresent()
                && !seen.add(values.get(forge) + ":" + values.find(ID).get())) {
            values.place(ID).error("another repository of this forge has the same id");
        }
        if (values.get(hookSecret).stream().anyMatch(s -> s.bytes().length < SHORT)) {
            values.place(hookSecret)
                    .warning("shorter than %d characters, so it can be guessed".formatted(SHORT));
        }
    }
}
