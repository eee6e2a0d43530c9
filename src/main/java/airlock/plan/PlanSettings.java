package airlock.plan;

import airlock.event.GitDepth;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
/// @param cells those of its matrix; empty where it has none
public record PlanSettings(
        Map<String, String> env,
        Optional<Duration> timeout,
        WantedMachine machine,
        GitDepth git,
        PlanWhen when,
        Keeping keeping,
        List<MatrixCell> cells) {

    public PlanSettings {
        env = Map.copyOf(env);
        cells = List.copyOf(cells);
    }

    /// Of a plan that says nothing.
    public static PlanSettings of(PlanFile file) {
        return new PlanSettings(
                Map.of(),
                Optional.empty(),
                WantedMachine.ANY,
                file.git(),
                PlanWhen.ALWAYS,
                Keeping.STANDARD,
                List.of());
    }

    /// The same on such machines.
    public PlanSettings on(WantedMachine other) {
        return new PlanSettings(env, timeout, other, git, when, keeping, cells);
    }

    /// The same in one cell alone.
    PlanSettings of(MatrixCell cell) {
        var variables = new HashMap<>(env);
        variables.putAll(cell.variables());
        var image = cell.image().or(machine::image);
        var own = new WantedMachine(machine.cpus(), machine.memory(), image);
        return new PlanSettings(variables, timeout, own, git, when, keeping, cells);
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
