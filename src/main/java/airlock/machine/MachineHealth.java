package airlock.machine;

import java.util.List;
import java.util.Optional;

/// Problems with templates and ready clones; none while the machine is being prepared.
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

    /// Reports the problems of `other` from now on.
    public void become(MachineHealth other) {
        machine = other.machine;
    }

    /// Since the start, for people. VMs still start without templates and clones, only slower.
    public List<String> problems() {
        return machine.map(Hypervisor::problems).orElse(List.of());
    }

    /// How many clones wait.
    public int readyClones() {
        return machine.map(Hypervisor::readyClones).orElse(0);
    }
}
