package airlock.results;

import airlock.event.Verdict;
import java.time.Duration;

/// How a phase ended. "Failed" and "broke" stay apart from here to the badge.
public sealed interface PhaseResult {
    /// All steps succeeded.
    record Passed() implements PhaseResult {}

    /// The commit's fault: a step failed, or the guest ran out of memory or disk.
    ///
    /// @param reason one line for people, such as `step 2 "make check" exited with 2`
    record Failed(String reason) implements PhaseResult {}

    /// The phase took longer than it may.
    ///
    /// @param where the limit is set, added to the sentence
    record TimedOut(Duration limit, String where) implements PhaseResult {}

    /// Our fault, or nobody can tell: QEMU, the host's disk, a guest that vanished.
    ///
    /// @param again whether starting the phase once more could help
    record Broke(String reason, boolean again) implements PhaseResult {}

    /// Somebody asked for the end, or something newer took its place.
    record Cancelled(String reason) implements PhaseResult {}

    /// The verdict of a run that ends with this phase.
    default Verdict verdict() {
        return switch (this) {
            case Passed _ -> Verdict.PASSED;
            case Failed _ -> Verdict.FAILED;
            case TimedOut _ -> Verdict.TIMED_OUT;
            case Broke _ -> Verdict.BROKE;
            case Cancelled c ->
                    c.reason().startsWith("superseded") ? Verdict.SUPERSEDED : Verdict.CANCELLED;
        };
    }

    /// One line for people; empty where the verdict says it all.
    default String reason() {
        return switch (this) {
            case Passed _ -> "";
            case Failed f -> f.reason();
            case TimedOut t -> "took longer than " + t.limit().toSeconds() + " s" + t.where();
            case Broke b -> b.reason();
            case Cancelled c -> c.reason();
        };
    }
}
