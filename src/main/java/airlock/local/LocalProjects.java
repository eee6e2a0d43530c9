package airlock.local;

import airlock.ambient.Project;
import airlock.ambient.ProjectNames;
import airlock.app.Server;
import airlock.config.AirlockConfig;
import airlock.config.Destinations;
import airlock.config.ImageConfig;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PlanRules;
import airlock.config.RepositoryConfig;
import airlock.config.SecretsConfig;
import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.machine.AppException;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.queue.Planning.NewRun;
import airlock.results.Blob;
import airlock.source.LocalSource;
import airlock.source.LocalSource.Local;
import airlock.source.Refused;
import airlock.source.SourceLimits;
import airlock.vm.Drive;
import airlock.yaml.Binder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Runs projects of Ambient's on this machine without a forge, in their own state directory. A
/// project gets network, targets, mirrors and limits of the configured repository with its name;
/// without one it has no network. Secrets stay with the server.
public final class LocalProjects implements AutoCloseable {
    private final Optional<AirlockConfig> config;
    private final ProjectNames names;
    private final Optional<String> image;
    private final Machines machines;
    private final InstantSource clock;
    private final LocalMachine local;

    @FunctionalInterface
    interface Machines {
        LocalRun.Machine of(ImageConfig image) throws InterruptedException;
    }

    /// An order for runs.
    ///
    /// @param projects all of the file
    /// @param config the operator's configuration
    /// @param image the name of an image for all projects, in place of their own
    public record Order(
            List<Project> projects, Optional<AirlockConfig> config, Optional<String> image) {
        public Order {
            projects = List.copyOf(projects);
        }
    }

    /// @param directory the state directory
    /// @param progress gets a line per slow step
    public LocalProjects(
            Path directory, Order order, InstantSource clock, Consumer<String> progress) {
        this(directory, order, clock, progress, Optional.empty());
    }

    /// @param machines replaces QEMU
    LocalProjects(
            Path directory,
            Order order,
            InstantSource clock,
            Consumer<String> progress,
            Optional<Machines> machines) {
        this.config = order.config();
        this.names = new ProjectNames(order.projects());
        this.clock = clock;
        this.local =
                new LocalMachine(
                        directory,
                        config.map(AirlockConfig::state).orElse(directory),
                        config.map(AirlockConfig::images).orElse(Map.of()),
                        clock,
                        progress);
        this.machines = machines.orElse(local::of);
        this.image = order.image();
    }

    /// Whether the source is a clean checkout of the commit that last passed.
    public boolean isDone(Project project) {
        var head = head(project);
        return head.isPresent() && head.equals(kept(project).lastCommit());
    }

    private static Optional<CommitId> head(Project project) {
        return new LocalSource(SourceLimits.DEFAULT).cleanHead(project.source());
    }

    /// Checks that a project has an image and settings.
    ///
    /// @throws AppException if not, with what to do
    public void check(Project project) {
        var _ = image(project, repository(project));
    }

    private ImageConfig image(Project project, Optional<RepositoryConfig> repository) {
        if (image.isPresent()) {
            String name = image.get();
            return local.named(name).orElseThrow(() -> new AppException(local.whyNot(name)));
        }
        return local.kept(names.image(project))
                .or(() -> local.importedFrom(project.image()))
                .or(() -> repository.flatMap(r -> config.map(c -> c.images().get(r.image()))))
                .orElseThrow(() -> new AppException(missing(project)));
    }

    private String missing(Project project) {
        return "the image %s of %s is not here yet; `%s` takes it in (%s); or run with `--image debian-13`"
                .formatted(
                        project.image(),
                        project.name(),
                        ProjectNames.command(
                                project.image(), names.image(project), " --config FILE"),
                        config.isPresent()
                                ? "with the same configuration"
                                : "and `airlock run --config FILE` finds it; `airlock migrate"
                                        + " ambient` writes a configuration");
    }

    /// Runs a project as for a push to a listed ref: the plan is the operator's own, so its
    /// post_plan runs.
    public LocalRun.Outcome run(Project project, LocalRun.Listener listener)
            throws InterruptedException {
        var repository = repository(project);
        var own = image(project, repository);
        notes(project, repository).forEach(listener::note);
        var machine = machines.of(own);
        var settings = settings(project, repository, own);
        var before = head(project);
        try (var work = local.work()) {
            var packed =
                    new LocalSource(SourceLimits.of(settings.limits()))
                            .pack(
                                    project.source(),
                                    work.path().resolve("source.tar"),
                                    List.of(),
                                    _ -> project.plan().git());
            return switch (packed) {
                case Refused refused -> new LocalRun.Outcome(Verdict.FAILED, refused.why());
                case Local.Packed source -> {
                    LocalRun.told(listener, project.source(), source);
                    // a tree that changed while it was packed is not the commit's
                    var commit = before.filter(_ -> source.uncommitted().isEmpty());
                    var kept = kept(project);
                    var conducted =
                            LocalConductor.conduct(
                                    work.path(),
                                    machine,
                                    terms(settings, kept.earlier(work.path())),
                                    clock,
                                    newRun(project, source.tar()),
                                    listener);
                    if (conducted.outcome().verdict() == Verdict.PASSED) {
                        kept.passed(commit, conducted.outputs());
                    }
                    yield conducted.outcome();
                }
            };
        }
    }

    private LocalConductor.Terms terms(PhaseSettings settings, Map<String, Blob> earlier) {
        return new LocalConductor.Terms(
                TrustClass.LISTED,
                settings,
                config.flatMap(AirlockConfig::upstreamProxy),
                config.map(Server::ports).orElse(Set.of()),
                earlier);
    }

    private static NewRun newRun(Project project, Path source) {
        String file = PlanFile.AMBIENT.path();
        return NewRun.own(project.plan().name(), "", file, project.planText(), source.toString());
    }

    /// The archive with the artifacts of the last passed run; empty if it had none.
    public Optional<Path> artifacts(Project project) {
        return Optional.of(kept(project).artifacts()).filter(Files::exists);
    }

    private ProjectState kept(Project project) {
        return new ProjectState(local.state(), project.name());
    }

    private Optional<RepositoryConfig> repository(Project project) {
        String name = names.repository(project);
        var meant =
                config.stream()
                        .flatMap(c -> c.repositories().stream())
                        .filter(r -> r.name().substring(r.name().lastIndexOf('/') + 1).equals(name))
                        .toList();
        if (meant.size() > 1) {
            throw new AppException(
                    "the configuration has two repositories called %s: %s and %s; which one is the project?"
                            .formatted(name, meant.getFirst().name(), meant.getLast().name()));
        }
        return meant.stream().findFirst();
    }

    private List<String> notes(Project project, Optional<RepositoryConfig> repository) {
        if (project.plan().actionsOf(Phase.PRE_PLAN).isEmpty()
                && project.plan().actionsOf(Phase.POST_PLAN).isEmpty()) {
            return List.of();
        }
        if (repository.isEmpty()) {
            return List.of(
                    ("no network, mirrors or targets: those of a repository OWNER/%s in the"
                                    + " configuration that --config names would hold")
                            .formatted(names.repository(project)));
        }
        return repository.get().secrets().equals(SecretsConfig.NOTHING)
                ? List.of()
                : List.of(
                        "no secrets: those of %s stay with the server"
                                .formatted(repository.get().name()));
    }

    private PhaseSettings settings(
            Project project, Optional<RepositoryConfig> repository, ImageConfig image) {
        var limits =
                repository
                        .map(RepositoryConfig::limits)
                        .or(() -> config.map(AirlockConfig::limits))
                        .orElse(Limits.STANDARD);
        return new PhaseSettings(
                image.name(),
                PlanRules.STANDARD,
                raised(limits, project.plan()),
                LocalConductor.BRANCH,
                SecretsConfig.NOTHING,
                repository.map(RepositoryConfig::network).orElse(NetworkConfig.NOTHING),
                repository.map(RepositoryConfig::destinations).orElse(Destinations.NONE));
    }

    /// The projects file is the operator's own, so its sizes apply.
    private static Limits raised(Limits limits, Plan plan) {
        return Binder.changed(
                limits,
                Map.of(
                        "artifacts",
                        Math.max(limits.artifacts(), plan.sizeOf(Drive.ARTIFACTS).orElse(0L)),
                        "cache",
                        Math.max(limits.cache(), plan.sizeOf(Drive.CACHE).orElse(0L)),
                        "dependencies",
                        Math.max(
                                limits.dependencies(),
                                plan.sizeOf(Drive.DEPENDENCIES).orElse(0L))));
    }

    @Override
    public void close() {
        local.close();
    }
}
