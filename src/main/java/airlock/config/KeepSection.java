package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;

/// Machines of failed phases that stay.
final class KeepSection {
    private static final KeepConfig STANDARD = KeepConfig.standard();
    private static final Key<Long> MOST =
            Key.or(
                            "most",
                            Scalars.integer(0, 100),
                            (long) STANDARD.most(),
                            Long.toString(STANDARD.most()),
                            "How many stay at once; 0 for none. One more ends the oldest.")
                    .example("2");
    private static final Key<Duration> TIME =
            Key.or(
                            "time",
                            Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(1)),
                            STANDARD.time(),
                            "30m",
                            "How long one stays, whoever is in it.")
                    .example("30m");

    private KeepSection() {}

    static Section<KeepConfig> section() {
        return new Section<>(
                "keep_failed",
                "Virtual machines of failed phases that stay for a person to look at, by `airlock vm"
                        + " shell --run RUN` ([Shells](shell.md)). One that stays stands still while"
                        + " nobody is in it: it costs memory and disk only, and is ended where a run"
                        + " needs those. One that held a secret never stays.",
                List.of(MOST, TIME),
                KeepSection::make);
    }

    private static KeepConfig make(Values values) {
        return new KeepConfig(values.get(MOST).intValue(), values.get(TIME));
    }
}
