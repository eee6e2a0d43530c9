package airlock.doctor;

import airlock.config.AirlockConfig;
import airlock.machine.Finding;
import airlock.machine.Finding.Level;
import airlock.machine.StateDirectory;
import airlock.machine.StateDirectory.StateOwner;
import airlock.store.DiskSpace.Disk;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Checks whether this machine can do its work. Each finding comes with a cure. Changes nothing,
/// neither in the state directory nor at a forge.
public record Doctor(AirlockConfig config, InstantSource clock) {
    /// Checks everything, whether or not a server runs. If the state belongs to another user, the
    /// checks that need its owner are left out.
    ///
    /// @param progress receives a line before each slow step
    public List<Finding> look(Consumer<String> progress) throws InterruptedException {
        var state = config.state();
        var findings = new ArrayList<Finding>();
        var host = HostChecks.here(new Disk(StateChecks.nearest(state)));
        findings.addAll(host.look(config));
        var directory = new StateChecks(state).look();
        if (directory.level() != Level.BAD) {
            findings.add(host.disk(config));
        }
        findings.add(directory);
        findings.addAll(new ForgeChecks(clock).look(config));
        findings.addAll(new ServerChecks(StateDirectory.controlSocket(state)).look());
        if (StateOwner.stranger(state).isEmpty()) {
            findings.addAll(new MachineChecks(config, clock, progress).look());
        }
        return List.copyOf(findings);
    }
}
