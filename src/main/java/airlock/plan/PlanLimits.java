package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.time.Duration;
import java.util.Optional;

/// What a plan asks for less of than the operator grants; more than that it never gets. The keys
/// are those of the configuration ([airlock.config.Limits]).
@Setting.Group(title = "limits", about = "Less than the operator grants.")
public record PlanLimits(
        @Setting(range = "1s to 7d") Optional<Duration> prePlanTime,
        @Setting(range = "1s to 7d") Optional<Duration> planTime,
        @Setting(range = "1s to 7d") Optional<Duration> postPlanTime,
        @Setting(range = "1s to 7d") Optional<Duration> cpuTime,
        @Setting(range = "32 MiB to 4 TiB") Optional<Long> memory,
        @Setting(range = "1 MiB to 16 TiB") Optional<Long> scratch,
        @Setting(range = "1 to 4194304") Optional<Integer> processes,
        @Setting(range = "1 KiB to 16 GiB") Optional<Long> log,
        @Setting(range = "4 KiB to 1 GiB") Optional<Long> console) {
    /// Of a plan that asks for nothing.
    public static final PlanLimits NONE = Binder.standard().section(PlanLimits.class).ofNothing();

    /// How long `phase` may take.
    public Optional<Duration> time(Phase phase) {
        return switch (phase) {
            case PRE_PLAN -> prePlanTime;
            case PLAN -> planTime;
            case POST_PLAN -> postPlanTime;
        };
    }
}
