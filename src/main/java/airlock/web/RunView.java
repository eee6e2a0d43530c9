package airlock.web;

import java.time.Instant;
import java.util.List;

/// A run as its own page shows it.
///
/// @param planFile the plan's file in the repository
/// @param isolation what kept it apart from the host, such as `kvm` or `tcg`; empty before a VM
///     was started
/// @param phases those that were started, in the order of their start; a phase that was started
///     again is there twice
/// @param logRemoved when its log was removed to give room back; 1970 where it was not
/// @param waitsFor why it does not begin, for people; may be empty
/// @param visits the people in its machines
public record RunView(
        RunHead head,
        String planFile,
        String isolation,
        List<PhaseView> phases,
        Instant logRemoved,
        String waitsFor,
        Visits visits) {
    public RunView {
        phases = List.copyOf(phases);
    }

    /// One whose log is kept.
    public RunView(RunHead head, String planFile, String isolation, List<PhaseView> phases) {
        this(head, planFile, isolation, phases, Instant.EPOCH, "", Visits.NONE);
    }

    /// Why it ended so, or what it waits for; empty where there is nothing to say.
    public String reason() {
        return head.isOver() ? head.reason() : waitsFor;
    }

    /// What lets the operator into its failed machine, or into one like it; empty where nothing
    /// of it has failed.
    public String entrance() {
        return switch (head.mark()) {
            case FAILED, TIMED_OUT, BROKE ->
                    phases.isEmpty() ? "" : "airlock vm shell --run " + head.id();
            case QUEUED, RUNNING, NOT_RUN, PASSED, INVALID_PLAN, CANCELLED, SUPERSEDED -> "";
        };
    }

    /// Whether its log was removed.
    public boolean isLogRemoved() {
        return !logRemoved.equals(Instant.EPOCH);
    }
}
