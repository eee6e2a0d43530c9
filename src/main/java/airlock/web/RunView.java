package airlock.web;

import java.util.List;

/// A run as its own page shows it.
///
/// @param planFile the plan's file in the repository
/// @param isolation what kept it apart from the host, such as `kvm` or `tcg`; empty before a VM
///     was started
/// @param phases those that were started, in the order of their start; a phase that was started
///     again is there twice
public record RunView(RunHead head, String planFile, String isolation, List<PhaseView> phases) {
    public RunView {
        phases = List.copyOf(phases);
    }
}
