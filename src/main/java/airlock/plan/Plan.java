package airlock.plan;

import airlock.config.AllowedHost;
import airlock.event.Phase;
import airlock.vm.Drive;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A repository's plan.
///
/// @param name as status contexts have it (T4)
/// @param file in which language it is written
/// @param actions by phase
/// @param sizes the largest archives that the plan asks for, in bytes; the operator's limits stand
///     above them
/// @param limits what else it asks for less of
/// @param network all places that a phase wants to connect to; a phase that is not there wants all
///     that the operator lets
/// @param settings what it says of all phases
public record Plan(
        String name,
        PlanFile file,
        Map<Phase, List<Action>> actions,
        Map<Drive, Long> sizes,
        PlanLimits limits,
        Map<Phase, List<AllowedHost>> network,
        PlanSettings settings) {
    /// The plan of `.airlock.yaml` or Ambient's file.
    public static final String MAIN = "main";

    public Plan {
        var copy = new EnumMap<Phase, List<Action>>(Phase.class);
        actions.forEach((phase, list) -> copy.put(phase, List.copyOf(list)));
        actions = Map.copyOf(copy);
        sizes = Map.copyOf(sizes);
        network = Map.copyOf(network);
    }

    /// One that wants all that the operator lets it connect to, and what its file has of history.
    public Plan(
            String name,
            PlanFile file,
            Map<Phase, List<Action>> actions,
            Map<Drive, Long> sizes,
            PlanLimits limits) {
        this(name, file, actions, sizes, limits, Map.of(), PlanSettings.of(file));
    }

    /// The same by another name.
    Plan named(String other) {
        return new Plan(other, file, actions, sizes, limits, network, settings);
    }

    /// Where it stands, from the top of the source tree.
    public String path() {
        return name.equals(MAIN) ? file.path() : PlanPath.in(name);
    }

    /// The plan of a run from outside (T3): of the commit's plan it has the steps of `plan`, all
    /// else is this one's, the target branch's.
    public Plan withStepsOf(Plan commits) {
        var mixed = new EnumMap<Phase, List<Action>>(Phase.class);
        mixed.putAll(actions);
        mixed.put(Phase.PLAN, commits.actionsOf(Phase.PLAN));
        return new Plan(name, file, mixed, sizes, limits, network, settings);
    }

    /// The names of its matrix's cells, of which each is a run; one empty name where it has none.
    public List<String> cells() {
        return settings.cells().isEmpty()
                ? List.of("")
                : settings.cells().stream().map(MatrixCell::name).toList();
    }

    /// What is run in the cell called `cell`; empty where it has no such.
    public Optional<Plan> ofCell(String cell) {
        if (settings.cells().isEmpty()) {
            return cell.isEmpty() ? Optional.of(this) : Optional.empty();
        }
        return settings.cells().stream()
                .filter(one -> one.name().equals(cell))
                .findFirst()
                .map(one -> with(settings.of(one)));
    }

    private Plan with(PlanSettings other) {
        return new Plan(name, file, actions, sizes, limits, network, other);
    }

    /// The actions of `phase`, in order; empty where there is nothing to do and no VM to start.
    public List<Action> actionsOf(Phase phase) {
        return actions.getOrDefault(phase, List.of());
    }

    /// Whether `phase` may run what the commit's files decide about. A variable of `env` can name
    /// one of them, as one of `setenv` can; one of the matrix is nothing to a program of the image.
    public boolean runsCommit(Phase phase) {
        return actionsOf(phase).stream().anyMatch(this::runsCommit);
    }

    /// The files of the commit that decide what `phase` brings.
    public ReadFiles reads(Phase phase) {
        return actionsOf(phase).stream()
                .map(action -> runsCommit(action) ? ReadFiles.ANY : action.reads())
                .reduce(ReadFiles.NONE, ReadFiles::and);
    }

    private boolean runsCommit(Action action) {
        return action.runsCommit()
                || (!action.ignoresEnvironment()
                        && !settings.env().keySet().stream().allMatch(MatrixCell::isVariable));
    }

    /// The largest archive that the plan asks for on `drive`.
    public OptionalLong sizeOf(Drive drive) {
        Long size = sizes.get(drive);
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }
}
