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
import java.util.List;
import java.util.Map;

/// The `limits` of a plan file; their keys are those of the configuration.
final class PlanLimitsSection {
    private static final String WITHOUT = "the operator's";
    private static final Type<Duration> TIME =
            Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(7));

    private final Map<Phase, Key<Duration>> times = new EnumMap<>(Phase.class);
    private final Key<Duration> cpuTime = Key.free("cpu_time", TIME, WITHOUT, "");
    private final Key<Long> memory =
            Key.free("memory", Scalars.size(32L << 20, 1L << 42), WITHOUT, "");
    private final Key<Long> scratch =
            Key.free("scratch", Scalars.size(1L << 20, 1L << 44), WITHOUT, "");
    private final Key<Long> processes =
            Key.free("processes", Scalars.integer(1, 1 << 22), WITHOUT, "");
    private final Key<Long> log = Key.free("log", Scalars.size(1024, 1L << 34), WITHOUT, "");
    private final Key<Long> console =
            Key.free("console", Scalars.size(1L << 12, 1L << 30), WITHOUT, "");

    PlanLimitsSection() {
        for (Phase phase : Phase.values()) {
            times.put(phase, Key.free(phase.key() + "_time", TIME, WITHOUT, ""));
        }
    }

    Section<PlanLimits> section() {
        var keys = new ArrayList<Key<?>>(times.values());
        keys.addAll(List.of(cpuTime, memory, scratch, processes, log, console));
        return new Section<>("limits", "Less than the operator grants.", keys, this::make);
    }

    private PlanLimits make(Values values) {
        var asked = new EnumMap<Phase, Duration>(Phase.class);
        times.forEach((phase, key) -> values.find(key).ifPresent(time -> asked.put(phase, time)));
        return new PlanLimits(
                asked,
                values.find(cpuTime),
                values.find(memory),
                values.find(scratch),
                values.find(processes),
                values.find(log),
                values.find(console));
    }
}
