package airlock.plan;

import airlock.event.GitDepth;
import airlock.event.Phase;
import airlock.vm.Drive;
import airlock.yaml.Binder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A repository's plan.
///
/// @param name as status contexts have it (T4)
/// @param file in which language it is written
/// @param settings what its file says
public record Plan(String name, PlanFile file, PlanSettings settings) {
    /// The plan of `.airlock.yaml` or Ambient's file.
    public static final String MAIN = "main";

    /// The same by another name.
    Plan named(String other) {
        return new Plan(other, file, settings);
    }

    /// Where it stands, from the top of the source tree.
    public String path() {
        return name.equals(MAIN) ? file.path() : PlanPath.in(name);
    }

    /// The plan of a run from outside (T3): of the commit's plan it has the steps of `plan`, all
    /// else is this one's, the target branch's.
    public Plan withStepsOf(Plan commits) {
        var steps = Map.<String, Object>of("plan", commits.actionsOf(Phase.PLAN));
        return new Plan(name, file, Binder.changed(settings, steps));
    }

    /// The names of its matrix's cells, of which each is a run; one empty name without a matrix.
    public List<String> cells() {
        var cells = settings.cells();
        return cells.isEmpty() ? List.of("") : cells.stream().map(MatrixCell::name).toList();
    }

    /// The plan of the cell called `cell`, if it has that.
    public Optional<Plan> ofCell(String cell) {
        if (settings.cells().isEmpty()) {
            return cell.isEmpty() ? Optional.of(this) : Optional.empty();
        }
        return settings.cells().stream()
                .filter(one -> one.name().equals(cell))
                .findFirst()
                .map(one -> new Plan(name, file, settings.of(one)));
    }

    /// The actions of `phase`, in order; without any, no VM is started.
    public List<Action> actionsOf(Phase phase) {
        return settings.actionsOf(phase);
    }

    /// Whether `phase` may run what the commit's files decide about.
    public boolean runsCommit(Phase phase) {
        return settings.runsCommit(phase);
    }

    /// The files of the commit that decide what `phase` brings.
    public ReadFiles reads(Phase phase) {
        return actionsOf(phase).stream()
                .map(action -> settings.runsCommit(action) ? ReadFiles.ANY : action.reads())
                .reduce(ReadFiles.NONE, ReadFiles::and);
    }

    /// What it asks for less of than the operator grants.
    public PlanLimits limits() {
        return settings.limits();
    }

    /// How much of its history comes with a commit.
    public GitDepth git() {
        return settings.git().orElse(file.git());
    }

    /// The largest archive that it asks for on `drive`, in bytes; the operator's limit stands
    // above.
    public Optional<Long> sizeOf(Drive drive) {
        return switch (drive) {
            case ARTIFACTS -> settings.artifactMaxSize();
            case CACHE -> settings.cacheMaxSize();
            case DEPENDENCIES -> settings.dependenciesMaxSize();
            case PLAN, SOURCE, SECRETS, SCRATCH -> Optional.empty();
        };
    }
}
