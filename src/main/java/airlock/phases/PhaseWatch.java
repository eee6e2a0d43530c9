package airlock.phases;

import java.util.Optional;

/// The claim of a run, as far as its phases need it.
public interface PhaseWatch {
    /// Why the phase should end, if it should; asked about twice a second.
    Optional<String> endsBecause();

    /// Called when the VM is ready. True runs the commit's code; false ends the VM.
    boolean ready();
}
