package airlock.config;

import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.time.Duration;

/// How many clones wait for runs. Sizes are bytes.
@Setting.Group(
        title = "ready_clones",
        about =
                "Virtual machines that are started before a run asks for one"
                        + " ([Operations](operations.md#ready-clones)).")
public record ReadyConfig(
        @Setting(
                        value =
                                "How many wait for each kind of virtual machine (image, CPUs,"
                                        + " memory and sizes together); 0 for none. With 3 a run's"
                                        + " phases need not wait for one another's. Each costs about"
                                        + " 120 MB of memory, and no processor time while it waits.",
                        or = "3",
                        range = "0 to 1000")
                int count,
        @Setting(
                        value = "One that has waited for so long is ended and replaced.",
                        or = "1h",
                        range = "1m to 7d")
                Duration age,
        @Setting(
                        value =
                                "How much memory must be available on this machine, and in each"
                                        + " control group around the server. If less is available,"
                                        + " idle clones are stopped one by one, and none is made.",
                        or = "1 GiB",
                        range = "0 to 1024 TiB")
                long spareMemory) {
    /// That of a configuration that sets nothing.
    public static final ReadyConfig STANDARD =
            Binder.standard().section(ReadyConfig.class).ofNothing();

    /// No clone waits.
    public static ReadyConfig none() {
        return new ReadyConfig(0, Duration.ofHours(1), 0);
    }
}
