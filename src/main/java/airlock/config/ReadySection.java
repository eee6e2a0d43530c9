package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Units;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;

/// The clones that wait for runs.
final class ReadySection {
    private static final ReadyConfig STANDARD = ReadyConfig.standard();
    private static final Key<Long> COUNT =
            Key.or(
                            "count",
                            Scalars.integer(0, 1_000),
                            (long) STANDARD.count(),
                            Long.toString(STANDARD.count()),
                            "How many wait for each kind of virtual machine (image, CPUs, memory and"
                                    + " sizes together); 0 for none. With 3 a run's phases need not"
                                    + " wait for one another's. Each costs about 120 MB of memory,"
                                    + " and no processor time while it waits.")
                    .example("3");
    private static final Key<Duration> AGE =
            Key.or(
                            "age",
                            Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
                            STANDARD.age(),
                            "1h",
                            "One that has waited for so long is ended and replaced.")
                    .example("1h");
    private static final Key<Long> SPARE_MEMORY =
            Key.or(
                            "spare_memory",
                            Scalars.size(0, 1L << 50),
                            STANDARD.spareMemory(),
                            Units.showSize(STANDARD.spareMemory()),
                            "How much memory must be available on this machine, and in each control"
                                    + " group around the server. Where less is, those that wait"
                                    + " are ended one after the other, and none is made.")
                    .example("1 GiB");

    private ReadySection() {}

    static Section<ReadyConfig> section() {
        return new Section<>(
                "ready_clones",
                "Virtual machines that are started before a run asks for one"
                        + " ([Operations](operations.md#ready-clones)).",
                List.of(COUNT, AGE, SPARE_MEMORY),
                ReadySection::make);
    }

    private static ReadyConfig make(Values values) {
        return new ReadyConfig(
                values.get(COUNT).intValue(), values.get(AGE), values.get(SPARE_MEMORY));
    }
}
