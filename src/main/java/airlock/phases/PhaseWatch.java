package airlock.phases;

import java.util.Optional;

/// What the conductor wants to say and hear while a phase runs.
public interface PhaseWatch {
    /// Why the phase should end, if it should; asked about twice a second.
    Optional<String> endsBecause();

    /// The VM is ready and gets its line when this returns true: the commit's code runs from then
    /// on. False ends the VM without.
    boolean ready();
}
