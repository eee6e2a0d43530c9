package airlock.cli;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.plan.Plan;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the network places that the trusted phases of a plan file certainly need.
final class PlanPlaces {
    /// Marks an entry whose place depends on the configuration.
    static final String REMARK = "# ";

    private PlanPlaces() {}

    /// The places and the actions that need them, by phase; phases without any are left out.
    static Map<Phase, Map<String, String>> of(Path file) {
        return of(plan(file));
    }

    static Plan plan(Path file) {
        return switch (new PlanReader().read(LintCommand.kind(file), LintCommand.bytes(file))) {
            case PlanReading.Read(var plan, _) -> plan;
            case PlanReading.Invalid invalid ->
                    throw new CliException(ExitCode.NO, SafeText.line(invalid.summary()));
            case PlanReading.Absent _ -> throw new IllegalStateException(file + " was read");
        };
    }

    private static Map<Phase, Map<String, String>> of(Plan plan) {
        var all = new EnumMap<Phase, Map<String, String>>(Phase.class);
        for (Phase phase : List.of(Phase.PRE_PLAN, Phase.POST_PLAN)) {
            var places = new TreeMap<String, String>();
            for (var action : plan.actionsOf(phase)) {
                action.places(Destinations.NONE)
                        .forEach(place -> places.putIfAbsent(place, action.name()));
                action.lacks(Destinations.NONE)
                        .ifPresent(key -> places.putIfAbsent(remark(action.name(), key), ""));
            }
            if (!places.isEmpty()) {
                all.put(phase, places);
            }
        }
        return all;
    }

    private static String remark(String action, String key) {
        return "%s%s connects to what `%s` says".formatted(REMARK, action, key);
    }
}
