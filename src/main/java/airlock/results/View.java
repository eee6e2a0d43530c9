package airlock.results;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Rows as people read them.
public sealed interface View {
    /// How far something is.
    sealed interface Progress {
        /// Waits for its turn.
        record Queued() implements Progress {}

        /// Is being worked on.
        record Running() implements Progress {}

        /// Has ended.
        ///
        /// @param reason one line for people, may be empty
        record Ended(Verdict verdict, String reason, Instant at) implements Progress {}
    }

    /// A request.
    ///
    /// @param seq its place in the order of arrival
    /// @param cause who made it: `webhook`, `tip`, `rerun by NAME`
    record RequestView(
            long seq,
            RequestId id,
            RepositoryId repository,
            Subject subject,
            CommitId commit,
            CommitSummary summary,
            String cause,
            Progress progress,
            Instant created)
            implements View {}

    /// A run.
    ///
    /// @param isolation under what its VMs run: accelerator and confinement, empty before they do
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
            TrustClass trust,
            String isolation,
            Progress progress,
            Instant created,
            Times times)
            implements View {}

    /// When something began and ended.
    ///
    /// @param started 1970 where it has not begun
    record Times(Instant started, Instant ended) {
        /// When it began, if it has.
        public Optional<Instant> begun() {
            return started.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(started);
        }
    }

    /// A phase: one VM that the run was given.
    record PhaseView(
            Phase phase,
            long generation,
            String isolation,
            Progress progress,
            Instant started,
            List<StepView> steps)
            implements View {}

    /// A step of a phase.
    ///
    /// @param outcome empty while it runs, else such as `exited with 2`
    /// @param startedMicros since the VM's gate got its line
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
