package airlock.site;

import airlock.config.AirlockConfig;
import airlock.config.RefPattern;
import airlock.config.RepositoryConfig;
import airlock.control.ControlException;
import airlock.event.ForgeKind;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.forge.ForgeRepository;
import airlock.forge.HttpMergeQueue;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Pins;
import airlock.run.Repositories;
import airlock.run.RequestWorker.MergeQueues;
import airlock.source.RemoteRepository;
import airlock.sweep.Sweeper.SweepTarget;
import airlock.web.ShownRepository;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The configured repositories, as each package needs them. A repository without an id in the
/// configuration has the one that its first delivery pinned (T8).
public final class Configured implements Repositories {
    private final AirlockConfig config;
    private final Pins pins;
    private final Map<String, RepositoryConfig> byPath = new HashMap<>();
    private final Map<RepositoryId, RepositoryConfig> byId = new HashMap<>();
    private final Map<RepositoryId, ShownRepository> shown = new ConcurrentHashMap<>();

    Configured(AirlockConfig config, Pins pins) {
        this.config = config;
        this.pins = pins;
        for (var repository : config.repositories()) {
            byPath.putIfAbsent(key(hook(repository)), repository);
            repository.pinnedId().ifPresent(id -> byId.putIfAbsent(id, repository));
        }
    }

    public static String hook(RepositoryConfig repository) {
        return repository.forge() + "/" + repository.name();
    }

    public List<RepositoryConfig> repositories() {
        return config.repositories();
    }

    public Optional<RepositoryId> idOf(RepositoryConfig repository) {
        return repository.pinnedId().or(() -> pins.of(hook(repository)));
    }

    public Optional<RepositoryConfig> configOf(RepositoryId id) {
        return Optional.ofNullable(byId.get(id))
                .or(
                        () ->
                                pins.hooksOf(id).stream()
                                        .flatMap(hook -> ofHook(hook).stream())
                                        .filter(one -> idOf(one).filter(id::equals).isPresent())
                                        .findFirst());
    }

    /// Ignores case, as forges do.
    private static String key(String path) {
        return path.toLowerCase(Locale.ROOT);
    }

    /// By `FORGE/OWNER/NAME` as in URLs of pages and badges.
    Optional<RepositoryConfig> at(String path) {
        return Optional.ofNullable(byPath.get(key(path)));
    }

    /// The repository that a user calls `OWNER/NAME` or `FORGE/OWNER/NAME`.
    ///
    /// @throws ControlException unless exactly one matches
    public RepositoryConfig named(String name) {
        var named =
                config.repositories().stream()
                        .filter(r -> name.equals(r.name()) || name.equals(hook(r)))
                        .toList();
        if (named.isEmpty()) {
            throw new ControlException(
                    "the configuration has no repository '%s'; there are %s"
                            .formatted(
                                    name,
                                    config.repositories().stream()
                                            .map(RepositoryConfig::name)
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
        if (named.size() > 1) {
            throw new ControlException(
                    "more than one forge has a repository '%s'; say FORGE/%s"
                            .formatted(name, name));
        }
        return named.getFirst();
    }

    /// The id of the repository that a user names.
    ///
    /// @throws ControlException if there is no such repository, or its id is not known yet
    public RepositoryId idNamed(String name) {
        return idOf(named(name)).orElseThrow(() -> new ControlException(withoutId(name)));
    }

    public static String withoutId(String name) {
        return "the forge's id of %s is not known yet; set `id:` in the configuration or let the first webhook arrive"
                .formatted(name);
    }

    /// The repository's name in the configuration, or its id if it is no longer configured.
    public String nameOf(RepositoryId id) {
        return configOf(id).map(RepositoryConfig::name).orElse(id.toString());
    }

    /// `FORGE/OWNER/NAME`, or the id of a repository that is no longer configured.
    public String hookOf(RepositoryId id) {
        return configOf(id).map(Configured::hook).orElse(id.toString());
    }

    public Optional<RepositoryConfig> ofHook(String path) {
        return at(path).filter(repository -> path.startsWith(repository.forge() + "/"));
    }

    public ForgeKind kindOf(RepositoryConfig repository) {
        return config.forgeOf(repository).kind();
    }

    private static IntakePolicy policy(RepositoryConfig repository) {
        return new IntakePolicy(repository.drafts(), repository.cancelRunning());
    }

    @Override
    public Optional<Known> find(RepositoryId id) {
        return configOf(id)
                .map(
                        repository ->
                                new Known(
                                        RemoteRepository.of(repository, id),
                                        repository::lists,
                                        listedBranches(repository),
                                        new PhaseSettings(
                                                repository.image(),
                                                repository.planRules(),
                                                repository.limits(),
                                                new Subject.Branch(
                                                        "refs/heads/" + repository.defaultBranch()),
                                                repository.secrets(),
                                                repository.network(),
                                                repository.destinations())));
    }

    /// The listed branches without patterns, and always the default branch.
    private static List<String> listedBranches(RepositoryConfig repository) {
        return Stream.concat(
                        Stream.of("refs/heads/" + repository.defaultBranch()),
                        repository.listedRefs().stream().map(RefPattern::toString))
                .filter(
                        ref ->
                                ref.startsWith("refs/heads/")
                                        && !ref.contains("*")
                                        && !ref.contains("?"))
                .filter(ref -> repository.lists(new Subject.Branch(ref)))
                .distinct()
                .toList();
    }

    /// The repository with its configured name; empty if it is not configured any more.
    public Optional<ForgeRepository> of(RepositoryId id) {
        return configOf(id).map(repository -> new ForgeRepository(id, repository.name()));
    }

    /// The repositories whose id is known; others are swept after their first webhook (T8).
    public List<SweepTarget> sweepTargets() {
        return config.repositories().stream()
                .flatMap(repository -> sweepTarget(repository).stream())
                .toList();
    }

    public Optional<SweepTarget> sweepTarget(RepositoryConfig repository) {
        return idOf(repository)
                .map(
                        id ->
                                new SweepTarget(
                                        new ForgeRepository(id, repository.name()),
                                        RemoteRepository.of(repository, id),
                                        policy(repository)));
    }

    public Optional<ShownRepository> shown(RepositoryConfig repository) {
        return idOf(repository).map(id -> shown.computeIfAbsent(id, _ -> shown(repository, id)));
    }

    private ShownRepository shown(RepositoryConfig repository, RepositoryId id) {
        var forge = config.forgeOf(repository);
        return new ShownRepository(
                id,
                forge.kind(),
                repository.name(),
                URI.create(forge.url() + "/" + repository.name()),
                repository.defaultBranch());
    }

    public MergeQueues mergeQueues() {
        var queues = new HashMap<String, HttpMergeQueue>();
        config.forges().forEach((name, forge) -> queues.put(name, new HttpMergeQueue(forge)));
        return (repository, group, head) -> {
            var queue = queues.get(repository.forge());
            var known = of(repository);
            return queue == null || known.isEmpty()
                    ? new QueuedChanges.Unnamed("the repository is no longer configured")
                    : queue.of(known.get(), group.target(), head);
        };
    }
}
