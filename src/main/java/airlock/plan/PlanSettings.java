package airlock.plan;

import airlock.event.GitDepth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What Airlock's own plan file says of all of its phases.
///
/// @param env variables of all actions that run programs of the image by themselves
/// @param timeout how long a phase may take of which `limits` says nothing
/// @param machine the virtual machines of its phases
/// @param git how much of its history comes with a commit
/// @param when which events it is run for
/// @param keeping what becomes of its archives
public record PlanSettings(
        Map<String, String> env,
        Optional<Duration> timeout,
        WantedMachine machine,
        GitDepth git,
        PlanWhen when,
        Keeping keeping) {

    public PlanSettings {
        env = Map.copyOf(env);
    }

    /// Of a plan that says nothing of its archives.
    public PlanSettings(
            Map<String, String> env,
            Optional<Duration> timeout,
            Optional<Long> cpus,
            Optional<Long> memory,
            Optional<String> image,
            GitDepth git,
            PlanWhen when) {
        this(env, timeout, new WantedMachine(cpus, memory, image), git, when, Keeping.STANDARD);
    }

    /// Of a plan that says nothing.
    public static PlanSettings of(PlanFile file) {
        return new PlanSettings(
                Map.of(),
                Optional.empty(),
                WantedMachine.ANY,
                file.git(),
                PlanWhen.ALWAYS,
                Keeping.STANDARD);
    }

    /// Of its machine.
    public Optional<Long> cpus() {
        return machine.cpus();
    }

    /// Of its machine, in bytes.
    public Optional<Long> memory() {
        return machine.memory();
    }

    /// The name of its machine's image; empty for the repository's.
    public Optional<String> image() {
        return machine.image();
    }
}
