package airlock.config;

import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.time.Duration;

/// Which machines of failed phases stay for a person to look at.
@Setting.Group(
        title = "keep_failed",
        about =
                "Virtual machines of failed phases that stay for a person to look at, by `airlock"
                        + " vm shell --run RUN` ([Shells](shell.md)). A machine that stays is paused"
                        + " while no one is in it: it costs memory and disk only, and is ended if a run"
                        + " needs those. One that held a secret never stays.")
public record KeepConfig(
        @Setting(
                        value = "How many stay at once; 0 for none. One more ends the oldest.",
                        or = "0",
                        range = "0 to 100",
                        example = "2")
                int most,
        @Setting(
                        value = "How long one stays, whether someone is in it or not.",
                        or = "30m",
                        range = "1m to 1d")
                Duration time) {
    /// No machine stays.
    public static final KeepConfig STANDARD =
            Binder.standard().section(KeepConfig.class).ofNothing();
}
