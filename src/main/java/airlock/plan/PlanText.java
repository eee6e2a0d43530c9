package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Describes the execution of a plan for people.
public final class PlanText {
    private static final int LONGEST_LINE = 160;
    private static final PlanSettings NOTHING = PlanSettings.none();

    private final Plan plan;
    private final List<String> lines = new ArrayList<>();

    public PlanText(Plan plan) {
        this.plan = plan;
    }

    /// Commands, environment, drives, limits and places of each phase.
    public String text() {
        line(0, plan.path() + ", plan " + plan.name());
        keeping(plan.settings());
        for (Phase phase : Phase.values()) {
            line(0, "");
            if (plan.actionsOf(phase).isEmpty()) {
                line(0, phase.key() + ": nothing to do, no machine is started");
            } else {
                phase(phase, PhaseSteps.of(plan, phase));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private void keeping(PlanSettings settings) {
        if (settings.reuse()) {
            line(0, "reuse: pre_plan is not run if nothing that it depends on has changed");
        }
        var cache = settings.cache();
        if (!cache.equals(NOTHING.cache())) {
            String name = cache.name().orElse("the plan's own");
            String key = cache.key().map(globs -> ", found by " + globs).orElse("");
            String writers = cache.writers().name().toLowerCase(Locale.ROOT);
            line(0, "cache: " + name + key + ", left for later runs by " + writers);
        }
        var artifacts = settings.artifacts();
        if (!artifacts.equals(NOTHING.artifacts())) {
            String paths = artifacts.paths().map(List::toString).orElse("all");
            String time = artifacts.keep().map(it -> ", kept " + it.toSeconds() + " s").orElse("");
            line(0, "artifacts: " + paths + time);
        }
    }

    private void phase(Phase phase, PhaseSteps steps) {
        line(0, phase.key() + ":");
        line(1, "network: " + network(phase));
        line(1, "drives: " + drives(phase));
        plan.limits().time(phase).ifPresent(time -> line(1, "time: " + time.toSeconds() + " s"));
        plan.limits().memory().ifPresent(bytes -> line(1, "memory: %,d bytes".formatted(bytes)));
        line(1, "before: " + titles(steps.before()));
        Map<String, String> shown = Map.of();
        int number = 0;
        for (Step step : steps.actions()) {
            number++;
            line(1, number + ". " + step.title());
            shown = step(step.what(), shown);
        }
        line(1, "after: " + (steps.after().isEmpty() ? "nothing" : titles(steps.after())));
    }

    /// Shows a step and the changes of its environment; returns the environment.
    private Map<String, String> step(GuestStep what, Map<String, String> shown) {
        if (!(what instanceof GuestStep.Execute execute)) {
            line(2, "done by the guest program itself");
            return shown;
        }
        var environment = new TreeMap<>(execute.environment());
        environment.forEach(
                (name, value) -> {
                    if (!value.equals(shown.get(name))) {
                        line(2, "env " + name + "=" + value);
                    }
                });
        if (!execute.directory().equals("/ci/src")) {
            line(2, "in " + execute.directory());
        }
        for (String argument : execute.argv()) {
            argument.lines().forEach(part -> line(2, "| " + part));
        }
        if (!execute.stdin().isEmpty()) {
            line(2, "stdin: %,d characters".formatted(execute.stdin().length()));
        }
        return environment;
    }

    private String network(Phase phase) {
        if (phase == Phase.PLAN) {
            return "none, ever";
        }
        var needed = new ArrayList<String>();
        for (Action action : plan.actionsOf(phase)) {
            action.places(Destinations.NONE)
                    .forEach(place -> needed.add(place + " (" + action.name() + ")"));
            action.lacks(Destinations.NONE)
                    .ifPresent(
                            key -> needed.add("what `" + key + "` says (" + action.name() + ")"));
        }
        String certain =
                needed.isEmpty()
                        ? "no action names a place by itself"
                        : "needs " + String.join("; ", needed);
        return "what the operator's list lets"
                + plan.settings()
                        .network()
                        .of(phase)
                        .map(only -> ", of that only " + only)
                        .orElse("")
                + "; "
                + certain;
    }

    private String drives(Phase phase) {
        var writable = DriveRules.writable(phase);
        return List.of(Drive.SOURCE, Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES).stream()
                .filter(drive -> DriveRules.isFilled(drive, phase))
                .map(
                        drive ->
                                DriveRules.word(drive)
                                        + (writable.contains(drive) ? size(drive) : ""))
                .collect(Collectors.joining(", "));
    }

    private String size(Drive drive) {
        return plan.sizeOf(drive)
                .map(" (kept, at most %,d bytes of what the operator lets)"::formatted)
                .orElse(" (kept)");
    }

    private static String titles(List<Step> steps) {
        return steps.stream().map(Step::title).collect(Collectors.joining("; "));
    }

    private void line(int depth, String text) {
        lines.add("  ".repeat(depth) + SafeText.columns(text, LONGEST_LINE));
    }
}
