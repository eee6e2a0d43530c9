package airlock.config;

import airlock.config.AirlockConfig.Accelerator;
import airlock.config.AirlockConfig.Listen;
import airlock.config.AirlockConfig.MetricsPlace;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The whole file.
final class AirlockSection {
    private static final int MOST_REPOSITORIES = 100_000;
    private static final Key<URI> BASE_URL =
            Key.required(
                            "base_url",
                            Addresses.web(),
                            "Where people and forges reach Airlock. Hook URLs, links in statuses"
                                    + " and badges begin with it.")
                    .example("https://ci.example.org");
    private static final Key<Listen> LISTEN =
            Key.or(
                            "listen",
                            Addresses.listen(),
                            new Listen("127.0.0.1", 8080),
                            "127.0.0.1:8080",
                            "Where the server listens. It speaks plain HTTP: put a reverse proxy"
                                    + " with TLS before it.")
                    .example("127.0.0.1:8080");
    private static final Key<Listen> METRICS =
            Key.free(
                            "metrics",
                            Addresses.listen(),
                            "no metrics",
                            "Where Prometheus gets `/metrics` ([Metrics](metrics.md)): an address"
                                    + " of its own, which everybody may read who reaches it.")
                    .example("127.0.0.1:9464");
    private static final Key<Long> SLOTS =
            Key.or(
                            "slots",
                            Scalars.integer(1, 1_000),
                            1L,
                            "1",
                            "How many virtual machines may run at once.")
                    .example("2");
    private static final Key<Long> OUTSIDE_AN_HOUR =
            Key.or(
                            "outside_per_hour",
                            Scalars.integer(1, 1_000),
                            10L,
                            "10",
                            "How often in an hour change requests from outside of one author are"
                                    + " tested, each with all of its runs, over all repositories of"
                                    + " a forge; what is over it waits. Such runs also wait until"
                                    + " all others have begun.")
                    .example("10");
    private static final Key<Duration> SWEEP_EVERY =
            Key.or(
                            "sweep_every",
                            Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
                            Duration.ofMinutes(5),
                            "5m",
                            "How often each repository is compared with its forge, to find what no"
                                    + " webhook told ([Sweep](sweep.md)); a tenth more or less.")
                    .example("15m");
    private static final Key<Duration> SHUTDOWN_GRACE =
            Key.or(
                            "shutdown_grace",
                            Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
                            Duration.ofMinutes(1),
                            "1m",
                            "How long a server that is stopped lets running phases go on. What is"
                                    + " not done then begins again at the next start, but for a"
                                    + " post_plan that had begun.")
                    .example("1m");
    private static final Key<Accelerator> ACCELERATOR =
            Key.or(
                            "accelerator",
                            Scalars.choice(accelerators()),
                            Accelerator.AUTO,
                            "auto",
                            "`kvm` (hardware), `tcg` (emulation, slow, and no security boundary by"
                                    + " QEMU's own words), or `auto`: KVM if a test machine boots"
                                    + " with it, else TCG.")
                    .example("auto");
    private static final Key<ConfinementConfig> CONFINEMENT =
            Key.or(
                    "confinement",
                    ConfinementSection.section(),
                    ConfinementConfig.standard(),
                    "{}",
                    "The walls around QEMU.");
    private static final Key<ReadyConfig> READY_CLONES =
            Key.or(
                    "ready_clones",
                    ReadySection.section(),
                    ReadyConfig.standard(),
                    "{}",
                    "Virtual machines that wait for runs.");
    private static final Key<KeepConfig> KEEP_FAILED =
            Key.or(
                    "keep_failed",
                    KeepSection.section(),
                    KeepConfig.standard(),
                    "{}",
                    "Virtual machines of failed phases that stay for a person to look at.");
    private static final Key<UnaryOperator<Limits>> LIMITS =
            Key.or(
                    "limits",
                    new LimitsSection(false).section(),
                    UnaryOperator.identity(),
                    "{}",
                    "What a run may take.");

    private static final Key<Housekeeping> RETENTION =
            Key.or(
                    "retention",
                    new RetentionSection(false).ofAll(),
                    Housekeeping.standard(),
                    "{}",
                    "What is kept, how long and how much.");

    private static final Key<Boolean> TRUSTED_CODE =
            Key.or(
                            "trusted_code",
                            Scalars.FLAG,
                            true,
                            "true",
                            "Whether plans may have actions in pre_plan and post_plan that may run"
                                    + " what the commit's files say, `shell` and `custom` among"
                                    + " them ([which](plans.md#what-may-run-where-the-network-is))."
                                    + " `false` makes such a plan invalid, whoever pushed it.")
                    .example("false");
    private static final Key<Mirrors> MIRRORS =
            Key.or(
                    "mirrors",
                    MirrorsSection.section(),
                    Mirrors.NONE,
                    "{}",
                    "Where actions fetch packages from; nowhere is built in.");

    private final Key<Path> state;
    private final Key<Path> secretKey;
    private final Surroundings surroundings;
    private final Key<Map<String, Function<String, ForgeConfig>>> forges;
    private final Key<Map<String, Function<String, ImageConfig>>> images;
    private final Key<String> defaultImage;
    private final Key<Optional<UpstreamProxy>> upstreamProxy;
    private final Key<List<Function<RepositorySection.Common, RepositoryConfig>>> repositories;

    AirlockSection(Surroundings surroundings) {
        this.surroundings = surroundings;
        secretKey = secretKey(surroundings);
        state =
                Key.or(
                                "state",
                                Paths.in(surroundings),
                                Path.of("/var/lib/airlock"),
                                "/var/lib/airlock",
                                "The directory of everything that Airlock keeps: database, mirrors,"
                                        + " logs, artifacts, images.")
                        .example("/var/lib/airlock");
        forges = forges(surroundings);
        images = images(surroundings);
        defaultImage =
                Key.or(
                                "default_image",
                                Names.among(surroundings.images(), "images"),
                                ImageSection.DEFAULT,
                                ImageSection.DEFAULT,
                                "The image of repositories that name none.")
                        .example("debian-13");
        upstreamProxy =
                Key.or(
                        "upstream_proxy",
                        new UpstreamSection(surroundings).section(),
                        Optional.empty(),
                        "none",
                        "The proxy behind which this machine's network ends.");
        repositories =
                Key.required(
                        "repositories",
                        Compounds.list(
                                new RepositorySection(surroundings).section(),
                                0,
                                MOST_REPOSITORIES),
                        "The repositories to test.");
    }

    private static Key<Path> secretKey(Surroundings surroundings) {
        return Key.free(
                        "secret_key",
                        Paths.in(surroundings),
                        "`$CREDENTIALS_DIRECTORY/airlock.key` where systemd gives one, else"
                                + " `secret.key` in `state`",
                        "The file of the key that secrets are sealed with"
                                + " ([Secrets](secrets.md)), made when the first secret is."
                                + " It belongs elsewhere than `state`: a copy of that alone"
                                + " then opens nothing.")
                .example("/etc/airlock/secret.key");
    }

    private static Key<Map<String, Function<String, ForgeConfig>>> forges(
            Surroundings surroundings) {
        return Key.required(
                "forges",
                Compounds.mapping(
                        new ForgeSection(surroundings).section(), Names::isName, Names.NAME_IS),
                "The git hosting sites, by a name of your choice.");
    }

    private static Key<Map<String, Function<String, ImageConfig>>> images(
            Surroundings surroundings) {
        return Key.or(
                "images",
                Compounds.mapping(
                        new ImageSection(surroundings).section(), Names::isName, Names.NAME_IS),
                Map.of(
                        ImageSection.DEFAULT,
                        name -> new ImageConfig.BuiltIn(name, ImageSection.DEFAULT)),
                "{debian-13: {recipe: debian-13}}",
                "The images for virtual machines, by a name of your choice.");
    }

    private static Map<String, Accelerator> accelerators() {
        var words = new LinkedHashMap<String, Accelerator>();
        words.put("auto", Accelerator.AUTO);
        words.put("kvm", Accelerator.KVM);
        words.put("tcg", Accelerator.TCG);
        return words;
    }

    Section<AirlockConfig> section() {
        return new Section<>(
                "The file",
                "The keys at the top of the file.",
                List.of(
                        BASE_URL,
                        LISTEN,
                        METRICS,
                        state,
                        secretKey,
                        SWEEP_EVERY,
                        SLOTS,
                        OUTSIDE_AN_HOUR,
                        SHUTDOWN_GRACE,
                        ACCELERATOR,
                        CONFINEMENT,
                        READY_CLONES,
                        KEEP_FAILED,
                        forges,
                        images,
                        defaultImage,
                        TRUSTED_CODE,
                        LIMITS,
                        RETENTION,
                        MIRRORS,
                        upstreamProxy,
                        repositories),
                this::make);
    }

    /// What a run without a server takes of it.
    Section<LocalConfig> local() {
        var found =
                Key.or(
                        repositories.name(),
                        Compounds.list(
                                new RepositorySection(surroundings).local(), 0, MOST_REPOSITORIES),
                        List.of(),
                        "[]",
                        repositories.meaning());
        return section()
                .only(
                        List.of(state, images, defaultImage, LIMITS, MIRRORS, upstreamProxy, found),
                        values -> local(values, values.get(found)));
    }

    private LocalConfig local(
            Values values, List<BiFunction<String, Limits, LocalConfig.Repository>> found) {
        Map<String, ImageConfig> namedImages = namedImages(values);
        String image = values.get(defaultImage);
        Limits limits = values.get(LIMITS).apply(LimitsSection.DEFAULTS);
        return new LocalConfig(
                values.isWritten(state) ? Optional.of(values.get(state)) : Optional.empty(),
                namedImages,
                image,
                limits,
                Destinations.NONE.with(values.get(MIRRORS)),
                values.get(upstreamProxy),
                found.stream().map(make -> make.apply(image, limits)).toList());
    }

    private Map<String, ImageConfig> namedImages(Values values) {
        Map<String, ImageConfig> namedImages = named(values.get(images));
        if (!values.isWritten(defaultImage) && !namedImages.containsKey(ImageSection.DEFAULT)) {
            values.place()
                    .error(
                            "key 'default_image' is missing, and images has no '%s'"
                                    .formatted(ImageSection.DEFAULT));
        }
        return namedImages;
    }

    private AirlockConfig make(Values values) {
        Map<String, ImageConfig> namedImages = namedImages(values);
        if (Addresses.isExposed(values.get(BASE_URL))) {
            values.place(BASE_URL).warning("http shows private pages to the network; use https");
        }
        Limits limits = values.get(LIMITS).apply(LimitsSection.DEFAULTS);
        var common = common(values, limits);
        var all = values.get(repositories).stream().map(make -> make.apply(common)).toList();
        if (!all.isEmpty()) {
            MirrorsSection.check(values.place(MIRRORS), values.get(MIRRORS), all);
        }
        return new AirlockConfig(
                values.get(BASE_URL),
                values.get(LISTEN),
                metricsPlace(values),
                values.get(state),
                keyPlace(values),
                values.get(SWEEP_EVERY),
                values.get(SLOTS).intValue(),
                values.get(OUTSIDE_AN_HOUR).intValue(),
                values.get(SHUTDOWN_GRACE),
                values.get(ACCELERATOR),
                values.get(CONFINEMENT),
                values.get(READY_CLONES),
                values.get(KEEP_FAILED),
                named(values.get(forges)),
                namedImages,
                common.image(),
                limits,
                values.get(RETENTION),
                values.get(upstreamProxy),
                all);
    }

    private RepositorySection.Common common(Values values, Limits limits) {
        return new RepositorySection.Common(
                values.get(defaultImage),
                values.get(TRUSTED_CODE),
                limits,
                values.get(RETENTION).each(),
                values.get(MIRRORS),
                named(values.get(forges)));
    }

    private KeyPlace keyPlace(Values values) {
        var named = values.find(secretKey);
        return named.isPresent()
                ? new KeyPlace.Named(named.get())
                : KeyPlace.without(surroundings.environment(), values.get(state));
    }

    private static MetricsPlace metricsPlace(Values values) {
        Optional<Listen> listen = values.find(METRICS);
        if (listen.isPresent() && !Addresses.isLoopback(listen.get())) {
            values.place(METRICS)
                    .warning("the network may read metrics, if no firewall keeps it from it");
        }
        return listen.<MetricsPlace>map(MetricsPlace.At::new).orElseGet(MetricsPlace.Nowhere::new);
    }

    private static <T> Map<String, T> named(Map<String, Function<String, T>> parts) {
        var all = new LinkedHashMap<String, T>();
        parts.forEach((name, part) -> all.put(name, part.apply(name)));
        return all;
    }
}
