package airlock.config;

import airlock.yaml.Setting;
import java.time.Duration;

/// Which machines of failed phases are kept for inspection.
@Setting.Group(
        title = "keep_failed",
        about =
                "Virtual machines of failed phases that are kept for `airlock vm shell --run RUN`"
                        + " ([Shells](shell.md)). They are paused while unused, cost memory and"
                        + " disk only, and are ended if a run needs those. Machines that held a"
                        + " secret are never kept.")
public record KeepConfig(
        @Setting(
                        value =
                                "How many are kept at once; 0 for none. A further one replaces the"
                                        + " oldest.",
                        or = "0",
                        range = "0 to 100",
                        example = "2")
                int most,
        @Setting(value = "How long one is kept, used or not.", or = "30m", range = "1m to 1d")
                Duration time) {}
