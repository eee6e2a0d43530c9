package airlock.plan;

import airlock.event.Phase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What a plan asks for less of than the operator grants; more than that it never gets.
///
/// @param times how long each phase may take
/// @param cpuTime CPU time of one phase, all CPUs together
/// @param memory what all processes of a phase may take together, in bytes
/// @param scratch what may be written below `/ci`, in bytes
/// @param processes how many processes and threads an action may have at once
/// @param log the longest log of one phase, in bytes
/// @param console how much of a VM's console is kept, in bytes
public record PlanLimits(
        Map<Phase, Duration> times,
        Optional<Duration> cpuTime,
        Optional<Long> memory,
        Optional<Long> scratch,
        Optional<Long> processes,
        Optional<Long> log,
        Optional<Long> console) {
    /// Of a plan that asks for nothing.
    public static final PlanLimits NONE =
            new PlanLimits(
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    public PlanLimits {
        times = Map.copyOf(times);
    }

    /// How long `phase` may take.
    public Optional<Duration> time(Phase phase) {
        return Optional.ofNullable(times.get(phase));
    }
}
