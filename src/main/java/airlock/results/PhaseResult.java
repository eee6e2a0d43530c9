package airlock.results;

import airlock.event.Verdict;
import java.time.Duration;

/// How a phase ended. "Failed" and "broke" stay apart from here to the badge.
///
/// @param verdict of a run that ends with this phase
/// @param reason one line for people; empty if the verdict is enough
/// @param again whether another start could help
public record PhaseResult(Verdict verdict, String reason, boolean again) {
    private PhaseResult(Verdict verdict, String reason) {
        this(verdict, reason, false);
    }

    public static PhaseResult passed() {
        return new PhaseResult(Verdict.PASSED, "");
    }

    /// The commit's fault: a step failed, or the guest ran out of memory or disk.
    ///
    /// @param reason such as `step 2 "make check" exited with 2`
    public static PhaseResult failed(String reason) {
        return new PhaseResult(Verdict.FAILED, reason);
    }

    /// The phase was ended at its limit.
    ///
    /// @param where the limit is set, appended to the sentence
    public static PhaseResult timedOut(Duration limit, String where) {
        return new PhaseResult(
                Verdict.TIMED_OUT, "took longer than " + limit.toSeconds() + " s" + where);
    }

    /// Our fault, or unclear: QEMU, the host's disk, a guest that vanished.
    public static PhaseResult broke(String reason, boolean again) {
        return new PhaseResult(Verdict.BROKE, reason, again);
    }

    /// A person ended it, or it was superseded.
    public static PhaseResult cancelled(String reason) {
        boolean superseded = reason.startsWith("superseded");
        return new PhaseResult(superseded ? Verdict.SUPERSEDED : Verdict.CANCELLED, reason);
    }
}
