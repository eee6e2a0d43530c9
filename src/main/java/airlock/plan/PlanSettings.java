package airlock.plan;

import airlock.event.GitDepth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What Airlock's own plan file says of all of its phases.
///
/// @param env variables of all actions that run programs of the image by themselves
/// @param timeout how long a phase may take of which `limits` says nothing
/// @param cpus virtual CPUs of its machines; they have at least so many, and never more than the
///     operator grants
/// @param memory RAM of its machines in bytes, the same
/// @param image the name of its machines' image; empty for the repository's
/// @param git how much of its history comes with a commit
/// @param when which events it is run for
public record PlanSettings(
        Map<String, String> env,
        Optional<Duration> timeout,
        Optional<Long> cpus,
        Optional<Long> memory,
        Optional<String> image,
        GitDepth git,
        PlanWhen when) {

    public PlanSettings {
        env = Map.copyOf(env);
    }

    /// Of a plan that says nothing.
    public static PlanSettings of(PlanFile file) {
        return new PlanSettings(
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                file.git(),
                PlanWhen.ALWAYS);
    }
}
