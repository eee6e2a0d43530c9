package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Section;
import java.util.Set;

/// How plan files write one kind of action.
///
/// @param name what stands after `action:`
/// @param ambientPhases the phases in which Ambient has it; in Airlock's own file it may stand in
///     every one
/// @param fields the keys beside `action`
public record ActionKind(String name, Set<Phase> ambientPhases, Section<Action> fields) {
    public ActionKind {
        ambientPhases = Set.copyOf(ambientPhases);
    }

    /// Whether it may stand in `phase` of `file`.
    public boolean fits(PlanFile file, Phase phase) {
        return switch (file) {
            case AIRLOCK -> true;
            case AMBIENT -> ambientPhases.contains(phase);
        };
    }
}
