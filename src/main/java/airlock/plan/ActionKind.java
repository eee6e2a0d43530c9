package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Section;
import java.util.Set;

/// How plan files write one kind of action.
///
/// @param name what stands after `action:`
/// @param ambientPhases the phases in which Ambient has it; in Airlock's own file it may stand in
///     every one
/// @param runsCommit whether it may run what the commit's files decide about; in an outside run its
///     phase has no network then, unless the operator says so
/// @param fields the keys beside `action` in Airlock's own file; more stand beside those of each
/// @param ambientFields those that Ambient's has
public record ActionKind(
        String name,
        Set<Phase> ambientPhases,
        boolean runsCommit,
        Section<? extends Action> fields,
        Section<? extends Action> ambientFields) {
    public ActionKind {
        ambientPhases = Set.copyOf(ambientPhases);
    }

    /// One with the same keys in both files.
    ActionKind(
            String name,
            Set<Phase> ambientPhases,
            boolean runsCommit,
            Section<? extends Action> fields) {
        this(name, ambientPhases, runsCommit, fields, fields);
    }

    /// The keys beside `action` in `file`.
    Section<? extends Action> fields(PlanFile file) {
        return switch (file) {
            case AIRLOCK -> Arrangement.beside(fields);
            case AMBIENT -> ambientFields;
        };
    }

    /// Whether it may stand in `phase` of `file`.
    public boolean fits(PlanFile file, Phase phase) {
        return switch (file) {
            case AIRLOCK -> true;
            case AMBIENT -> ambientPhases.contains(phase);
        };
    }
}
