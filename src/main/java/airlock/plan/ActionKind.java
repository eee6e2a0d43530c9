package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Section;
import java.util.Set;

/// How plan files write a kind of action.
///
/// @param ambientPhases the phases in which Ambient has it; Airlock's own file has it in all
/// @param runsCommit whether it may run code of the commit: in an outside run, its phase then has
///     no network unless the operator allows it
/// @param fields its keys in Airlock's own file, without those of every action
/// @param ambientFields its keys in Ambient's file
public record ActionKind(
        String name,
        Set<Phase> ambientPhases,
        boolean runsCommit,
        Section<? extends Action> fields,
        Section<? extends Action> ambientFields) {
    public ActionKind {
        ambientPhases = Set.copyOf(ambientPhases);
    }

    ActionKind(
            String name,
            Set<Phase> ambientPhases,
            boolean runsCommit,
            Section<? extends Action> fields) {
        this(name, ambientPhases, runsCommit, fields, fields);
    }

    /// All keys in `file` except `action`.
    Section<? extends Action> fields(PlanFile file) {
        return switch (file) {
            case AIRLOCK -> ArrangedAction.Arrangement.beside(fields);
            case AMBIENT -> ambientFields;
        };
    }

    public boolean fits(PlanFile file, Phase phase) {
        return switch (file) {
            case AIRLOCK -> true;
            case AMBIENT -> ambientPhases.contains(phase);
        };
    }
}
