package airlock.doctor;

import airlock.config.AirlockConfig;
import airlock.machine.Finding;
import airlock.machine.StateDirectory;
import airlock.machine.StateOwner;
import airlock.store.Disk;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks whether this machine can do its work: each finding with its cure. It changes nothing,
/// neither in the state directory nor at a forge.
public final class Doctor {
    private final AirlockConfig config;
    private final InstantSource clock;

    public Doctor(AirlockConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /// Looks at everything, whether or not a server runs. What another user's server could do
    /// can't be tried.
    ///
    /// @param progress hears of long steps, a line each
    public List<Finding> look(Consumer<String> progress) throws InterruptedException {
        var state = config.state();
        var findings = new ArrayList<Finding>();
        findings.addAll(HostChecks.here(new Disk(StateChecks.nearest(state))).look(config));
        findings.add(new StateChecks(state).look());
        findings.addAll(new ForgeChecks(clock).look(config));
        findings.addAll(new ServerChecks(StateDirectory.controlSocket(state)).look());
        if (StateOwner.stranger(state).isEmpty()) {
            findings.addAll(new MachineChecks(config, clock, progress).look());
        }
        return List.copyOf(findings);
    }
}
