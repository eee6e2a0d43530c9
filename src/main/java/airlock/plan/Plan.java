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
/// @param name as in status contexts (T4)
/// @param file the language of its file
public record Plan(String name, PlanFile file, PlanSettings settings) {
    /// The name of the plan in `.airlock.yaml` or Ambient's file.
    public static final String MAIN = "main";

    Plan named(String other) {
        return new Plan(other, file, settings);
    }

    /// Its path from the top of the source tree.
    public String path() {
        return name.equals(MAIN) ? file.path() : PlanPath.in(name);
    }

    /// The plan of an outside run (T3): this plan, of the target branch, with the steps of the
    /// commit's `plan`.
    public Plan withStepsOf(Plan commits) {
        var steps = Map.<String, Object>of("plan", commits.actionsOf(Phase.PLAN));
        return new Plan(name, file, Binder.changed(settings, steps));
    }

    /// The names of its matrix's cells, each of which is a run; one empty name without a matrix.
    public List<String> cells() {
        var cells = settings.cells();
        return cells.isEmpty() ? List.of("") : cells.stream().map(MatrixCell::name).toList();
    }

    /// The plan of a cell, if it has that cell.
    public Optional<Plan> ofCell(String cell) {
        if (settings.cells().isEmpty()) {
            return cell.isEmpty() ? Optional.of(this) : Optional.empty();
        }
        return settings.cells().stream()
                .filter(one -> one.name().equals(cell))
                .findFirst()
                .map(one -> new Plan(name, file, settings.of(one)));
    }

    /// The actions of `phase`, in order. Without any, no VM is started.
    public List<Action> actionsOf(Phase phase) {
        return settings.actionsOf(phase);
    }

    /// Whether `phase` may run code of the commit.
    public boolean runsCommit(Phase phase) {
        return settings.runsCommit(phase);
    }

    /// The commit's files that the result of `phase` depends on.
    public ReadFiles reads(Phase phase) {
        return actionsOf(phase).stream()
                .map(action -> settings.runsCommit(action) ? ReadFiles.ANY : action.reads())
                .reduce(ReadFiles.NONE, ReadFiles::and);
    }

    /// Limits below the operator's.
    public PlanSettings.Limits limits() {
        return settings.limits();
    }

    /// How much of its history comes with a commit.
    public GitDepth git() {
        return settings.git().orElse(file.git());
    }

    /// The largest archive that it wants on `drive`, in bytes; the operator's limit still applies.
    public Optional<Long> sizeOf(Drive drive) {
        return switch (drive) {
            case ARTIFACTS -> settings.artifactMaxSize();
            case CACHE -> settings.cacheMaxSize();
            case DEPENDENCIES -> settings.dependenciesMaxSize();
            case PLAN, SOURCE, SECRETS, SCRATCH -> Optional.empty();
        };
    }
}
