package airlock.results;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.time.Instant;
import java.util.List;

/// Rows as people read them.
public sealed interface View {
    /// A request.
    ///
    /// @param seq its place in the order of arrival
    /// @param cause who made it: `webhook`, `tip`, `rerun by NAME`
    /// @param waits how often it went back to the queue because the forge was away
    record RequestView(
            long seq,
            RequestId id,
            RepositoryId repository,
            Subject subject,
            CommitId commit,
            CommitSummary summary,
            String cause,
            State state,
            int waits,
            Instant created)
            implements View {}

    /// A run.
    ///
    /// @param logRemoved when its log was removed to give room back; 1970 where it was not
    record RunView(
            long seq,
            RunId id,
            RequestId request,
            RepositoryId repository,
            Subject subject,
            CommitId commit,
            CommitSummary summary,
            String plan,
            String cell,
            String planFile,
            TrustClass trust,
            State state,
            Instant created,
            Times times,
            Instant logRemoved)
            implements View {}

    /// When something began and ended; 1970 where it has not.
    record Times(Instant started, Instant ended) {}

    /// A phase: one VM that the run was given.
    ///
    /// @param isolation what stood between its VM and the host: accelerator and confinement; empty
    ///     if no VM was needed
    /// @param vm where its VM's time went
    /// @param places what its VM connected to
    record PhaseView(
            Phase phase,
            long generation,
            String isolation,
            State state,
            Times times,
            PhaseTimes vm,
            List<StepView> steps,
            List<PlaceUse> places)
            implements View {}

    /// Where the time of one phase's VM went.
    record VmTimeView(RunId run, Phase phase, PhaseTimes times) implements View {}

    /// A step of a phase.
    ///
    /// @param outcome such as `exited with 2`; empty if it has not ended by itself
    /// @param startedMicros since the VM's gate got its line; negative if it was not started
    /// @param logOffset where its output begins in the run's log
    record StepView(
            Phase phase,
            long generation,
            int index,
            String title,
            String outcome,
            int exitCode,
            long startedMicros,
            long endedMicros,
            long cpuMicros,
            long peakKilobytes,
            long logOffset)
            implements View {}
}
