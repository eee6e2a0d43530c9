package airlock.machine;

import java.util.List;

/// How what starts virtual machines stands.
public interface MachineHealth {
    /// What went wrong with templates and ready clones since the start, for people. VMs go on
    /// without them, only slower.
    List<String> problems();

    /// How many clones wait.
    int readyClones();

    /// That of a machine which has neither.
    static MachineHealth unknown() {
        return new MachineHealth() {
            @Override
            public List<String> problems() {
                return List.of();
            }

            @Override
            public int readyClones() {
                return 0;
            }
        };
    }
}
