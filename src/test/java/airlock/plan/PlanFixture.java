package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Binder;
import airlock.yaml.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Reads plans for tests.
final class PlanFixture {
    private PlanFixture() {}

    static PlanReading read(PlanFile file, String text) {
        return new PlanReader().read(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// One that there must be.
    static Plan plan(PlanFile file, String text) {
        return switch (read(file, text)) {
            case PlanReading.Read read -> read.plan();
            case PlanReading.Invalid invalid -> throw new AssertionError(invalid.problems());
            case PlanReading.Absent _ -> throw new AssertionError("absent");
        };
    }

    /// One that does these actions in one phase.
    static Plan plan(Phase phase, Action... actions) {
        String component =
                switch (phase) {
                    case PRE_PLAN -> "prePlan";
                    case PLAN -> "plan";
                    case POST_PLAN -> "postPlan";
                };
        return new Plan(
                Plan.MAIN,
                PlanFile.AIRLOCK,
                Binder.changed(PlanSettings.none(), Map.of(component, List.of(actions))));
    }

    static ShellAction shell(String text, String... secrets) {
        return new ShellAction(text, "bash", List.of(secrets));
    }

    /// An action, such as `pwd` or `mkdir, pathname: x`.
    static Action action(String name) {
        return plan(PlanFile.AIRLOCK, "plan: [{action: %s}]".formatted(name))
                .actionsOf(Phase.PLAN)
                .getFirst();
    }

    /// The warnings of a valid plan.
    static List<String> warnings(PlanFile file, String text) {
        return ((PlanReading.Read) read(file, text))
                .warnings().stream().map(Problem::toString).toList();
    }

    /// The summary of an invalid plan.
    static String summary(PlanFile file, String text) {
        return ((PlanReading.Invalid) read(file, text)).summary();
    }

    /// Those that there must be.
    static List<String> problems(PlanFile file, String text) {
        return switch (read(file, text)) {
            case PlanReading.Read read -> throw new AssertionError(read.plan());
            case PlanReading.Invalid invalid ->
                    invalid.problems().stream().map(Problem::toString).toList();
            case PlanReading.Absent _ -> throw new AssertionError("absent");
        };
    }
}
