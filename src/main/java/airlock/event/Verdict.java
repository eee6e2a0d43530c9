package airlock.event;

import java.util.Locale;

/// How a run or a request ended. "Failed" is the commit's fault, "broke" is ours; they never share
/// a colour.
public enum Verdict {
    PASSED,
    FAILED,
    TIMED_OUT,
    INVALID_PLAN,
    BROKE,
    CANCELLED,
    SUPERSEDED;

    /// Whether the commit, and not the machine or a person, decided it.
    public boolean isTheCommits() {
        return switch (this) {
            case PASSED, FAILED, TIMED_OUT, INVALID_PLAN -> true;
            case BROKE, CANCELLED, SUPERSEDED -> false;
        };
    }

    /// The word for people: `timed out`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
