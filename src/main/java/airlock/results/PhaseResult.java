package airlock.results;

import airlock.event.Verdict;
import java.time.Duration;

/// How a phase ended. "Failed" and "broke" stay apart from here to the badge.
public sealed interface PhaseResult {
    record Passed() implements PhaseResult {}

    /// The commit's fault: a step failed, or the guest ran out of memory or disk.
    ///
    /// @param reason one line for people, such as `step 2 "make check" exited with 2`
    record Failed(String reason) implements PhaseResult {}

    record TimedOut(Duration limit, String where) implements PhaseResult {}

    /// Our fault, or unclear: QEMU, the host's disk, a guest that vanished.
    ///
    /// @param again whether another start could help
    record Broke(String reason, boolean again) implements PhaseResult {}

    /// A person ended it, or it was superseded.
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

    /// One line for people; empty if the verdict is enough.
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
