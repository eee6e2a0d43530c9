package airlock.local;

import airlock.ambient.ImageNames;
import airlock.ambient.Project;
import airlock.ambient.RepositoryNames;
import airlock.app.Server;
import airlock.config.AirlockConfig;
import airlock.config.Destinations;
import airlock.config.ImageConfig;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PlanRules;
import airlock.config.RepositoryConfig;
import airlock.config.SecretsConfig;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.machine.AppException;
import airlock.machine.StateDirectory;
import airlock.machine.WorkDirectory;
import airlock.phases.PhaseSettings;
import airlock.plan.Plan;
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

/// Runs projects of Ambient's on this machine, without a forge, in a state directory of its own.
/// A project has the network, targets, mirrors and limits of the repository of its name in the
/// operator's configuration; without one it has no network. Secrets stay with the server.
public final class LocalProjects implements AutoCloseable {
    private final StateDirectory state;
    private final Optional<AirlockConfig> config;
    private final RepositoryNames names;
    private final ProjectImages images;
    private final Machines machines;
    private final InstantSource clock;
    private final LocalVms vms;

    /// Gives what starts VMs.
    @FunctionalInterface
    interface Machines {
        /// What starts VMs from `image`.
        LocalRun.Machine of(ImageConfig image) throws InterruptedException;
    }

    /// What is run, and with what.
    ///
    /// @param projects all of the file
    /// @param config the operator's configuration
    /// @param image the name of the image for all projects, in place of their own
    public record Order(
            List<Project> projects, Optional<AirlockConfig> config, Optional<String> image) {
        public Order {
            projects = List.copyOf(projects);
        }
    }

    /// @param directory the state directory
    /// @param progress hears of long preparations, a line each
    public LocalProjects(
            Path directory, Order order, InstantSource clock, Consumer<String> progress) {
        this(directory, order, clock, progress, Optional.empty());
    }

    /// @param machines what starts VMs in place of QEMU
    LocalProjects(
            Path directory,
            Order order,
            InstantSource clock,
            Consumer<String> progress,
            Optional<Machines> machines) {
        this.config = order.config();
        this.names = new RepositoryNames(order.projects());
        this.clock = clock;
        this.state = StateDirectory.lock(directory);
        var store =
                new LocalImages(
                        config.map(AirlockConfig::state).orElse(directory),
                        config.map(AirlockConfig::images).orElse(Map.of()),
                        clock,
                        progress);
        this.vms = new LocalVms(directory, store, clock, progress);
        this.machines = machines.orElse(vms::of);
        this.images =
                new ProjectImages(store, config, new ImageNames(order.projects()), order.image());
    }

    /// Whether the source is a clean checkout of the commit that passed last.
    public boolean isDone(Project project) {
        var head = ProjectRun.head(project);
        return head.isPresent() && head.equals(kept(project).lastCommit());
    }

    /// Finds the image and the settings of a project.
    ///
    /// @throws AppException where it has none, with what to do
    public void check(Project project) {
        var _ = images.of(project, repository(project));
    }

    /// Runs it.
    public LocalRun.Outcome run(Project project, LocalRun.Listener listener)
            throws InterruptedException {
        var repository = repository(project);
        var image = images.of(project, repository);
        notes(project, repository).forEach(listener::note);
        var machine = machines.of(image);
        try (var work = WorkDirectory.in(state.path())) {
            var kept = kept(project);
            var terms =
                    new LocalTerms(
                            TrustClass.LISTED,
                            settings(project, repository, image),
                            config.flatMap(AirlockConfig::upstreamProxy),
                            config.map(Server::ports).orElse(Set.of()),
                            kept.earlier(work.path()));
            return new ProjectRun(work.path(), machine, terms, kept, clock).run(project, listener);
        }
    }

    /// The archive with the artifacts of the last run that passed; empty where it had none.
    public Optional<Path> artifacts(Project project) {
        return Optional.of(kept(project).artifacts()).filter(Files::exists);
    }

    private ProjectState kept(Project project) {
        return new ProjectState(state.path(), project.name());
    }

    private Optional<RepositoryConfig> repository(Project project) {
        String name = names.of(project);
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
        boolean isTrusted =
                List.of(Phase.PRE_PLAN, Phase.POST_PLAN).stream()
                        .anyMatch(phase -> !project.plan().actionsOf(phase).isEmpty());
        if (!isTrusted) {
            return List.of();
        }
        if (repository.isEmpty()) {
            return List.of(
                    ("no network, mirrors or targets: those of a repository OWNER/%s in the"
                                    + " configuration that --config names would hold")
                            .formatted(names.of(project)));
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

    /// A projects file is the operator's own, so the sizes in it hold.
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
        vms.close();
        state.close();
    }
}
