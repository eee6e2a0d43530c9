package airlock.machine;

import java.util.List;
import java.util.Optional;

/// Problems with templates and ready clones. While the machine is being prepared there are none.
public final class MachineHealth {
    private volatile Optional<Hypervisor> machine = Optional.empty();

    public static MachineHealth unknown() {
        return new MachineHealth();
    }

    static MachineHealth of(Hypervisor machine) {
        var health = new MachineHealth();
        health.machine = Optional.of(machine);
        return health;
    }

    /// From now on it is the same as `other`.
    public void become(MachineHealth other) {
        machine = other.machine;
    }

    /// Problems since the start, for people. VMs go on without templates and clones, only slower.
    public List<String> problems() {
        return machine.map(Hypervisor::problems).orElse(List.of());
    }

    /// How many clones wait.
    public int readyClones() {
        return machine.map(Hypervisor::readyClones).orElse(0);
    }
}
