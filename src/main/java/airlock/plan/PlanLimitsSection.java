package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;

/// The `limits` of a plan file; their keys are those of the configuration.
final class PlanLimitsSection {
    private static final String WITHOUT = "the operator's";
    private static final Type<Duration> TIME =
            Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(7));

    private final Map<Phase, Key<Duration>> times = new EnumMap<>(Phase.class);
    private final Key<Duration> cpuTime = Key.free("cpu_time", TIME, WITHOUT, "");
    private final Key<Long> processes =
            Key.free("processes", Scalars.integer(1, 1 << 22), WITHOUT, "");
    private final Key<Long> log = Key.free("log", Scalars.size(1024, 1L << 34), WITHOUT, "");

    PlanLimitsSection() {
        for (Phase phase : Phase.values()) {
            times.put(phase, Key.free(phase.key() + "_time", TIME, WITHOUT, ""));
        }
    }

    Section<PlanLimits> section() {
        var keys = new ArrayList<Key<?>>(times.values());
        keys.add(cpuTime);
        keys.add(processes);
        keys.add(log);
        return new Section<>("limits", "Less than the operator grants.", keys, this::make);
    }

    private PlanLimits make(Values values) {
        var asked = new EnumMap<Phase, Duration>(Phase.class);
        times.forEach((phase, key) -> values.find(key).ifPresent(time -> asked.put(phase, time)));
        return new PlanLimits(
                asked, values.find(cpuTime), values.find(processes), values.find(log));
    }
}
