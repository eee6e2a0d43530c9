package airlock.config;

import airlock.yaml.Setting;
import java.time.Duration;

/// How many clones are kept ready. Sizes are bytes.
@Setting.Group(
        title = "ready_clones",
        about =
                "Virtual machines that are started ahead of runs"
                        + " ([Operations](operations.md#ready-clones)).")
public record ReadyConfig(
        @Setting(
                        value =
                                "How many to keep ready for each kind of virtual machine (image,"
                                        + " CPUs, memory and sizes together); 0 for none. With 3,"
                                        + " the phases of a run need not wait for one another."
                                        + " Each costs about 120 MB of memory and no CPU time.",
                        or = "3",
                        range = "0 to 1000")
                int count,
        @Setting(value = "When an unused one is replaced.", or = "1h", range = "1m to 7d")
                Duration age,
        @Setting(
                        value =
                                "Memory that must stay available on this machine and in each"
                                        + " control group of the server. With less, idle clones"
                                        + " are stopped one by one.",
                        or = "1 GiB",
                        range = "0 to 1024 TiB")
                long spareMemory) {
    /// No ready clones.
    public static ReadyConfig none() {
        return new ReadyConfig(0, Duration.ofHours(1), 0);
    }
}
