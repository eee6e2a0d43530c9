package airlock.machine;

import java.util.List;

/// The health of a machine that is still being prepared, and then that of the machine.
public final class LateHealth implements MachineHealth {
    private volatile MachineHealth now = MachineHealth.unknown();

    public void of(MachineHealth machine) {
        now = machine;
    }

    @Override
    public List<String> problems() {
        return now.problems();
    }

    @Override
    public int readyClones() {
        return now.readyClones();
    }
}
