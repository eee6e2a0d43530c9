package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The execution of a plan as data.
///
/// @param plan of one cell
/// @param cells of the whole plan; a single one without a name for plans without a matrix
public record PlanJson(Plan plan, List<String> cells) {
    public PlanJson {
        cells = List.copyOf(cells);
    }

    /// The members of its JSON object: maps, lists, texts and numbers.
    public Map<String, @Nullable Object> members() {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("file", plan.path());
        members.put("plan", plan.name());
        members.put("cells", cells.equals(List.of("")) ? List.of() : cells);
        members.put("image", plan.settings().image().orElse(null));
        var phases = new LinkedHashMap<String, Object>();
        for (Phase phase : Phase.values()) {
            if (!plan.actionsOf(phase).isEmpty()) {
                phases.put(phase.key(), phase(phase));
            }
        }
        members.put("phases", phases);
        return members;
    }

    private Map<String, Object> phase(Phase phase) {
        var actions = plan.actionsOf(phase);
        var members = new LinkedHashMap<String, Object>();
        members.put(
                "places",
                actions.stream()
                        .flatMap(action -> action.places(Destinations.NONE).stream())
                        .distinct()
                        .toList());
        members.put(
                "configuration",
                actions.stream()
                        .flatMap(action -> action.lacks(Destinations.NONE).stream())
                        .distinct()
                        .toList());
        members.put(
                "steps",
                PhaseSteps.of(plan, phase).actions().stream().map(PlanJson::step).toList());
        return members;
    }

    /// A step without `argv` is done by the guest program itself.
    private static Map<String, Object> step(Step step) {
        var members = new LinkedHashMap<String, Object>();
        members.put("title", step.title());
        if (step.what() instanceof GuestStep.Execute execute) {
            members.put("argv", execute.argv());
            members.put("environment", execute.environment());
            members.put("directory", execute.directory());
        }
        return members;
    }
}
