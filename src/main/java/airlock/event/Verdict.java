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

    /// Whether the commit caused it, not the machine or a person.
    public boolean isTheCommits() {
        return switch (this) {
            case PASSED, FAILED, TIMED_OUT, INVALID_PLAN -> true;
            case BROKE, CANCELLED, SUPERSEDED -> false;
        };
    }

    /// The more severe of two: faults of the commit before those of the machine.
    public Verdict worse(Verdict other) {
        return severity() >= other.severity() ? this : other;
    }

    private int severity() {
        return switch (this) {
            case FAILED -> 6;
            case INVALID_PLAN -> 5;
            case TIMED_OUT -> 4;
            case BROKE -> 3;
            case CANCELLED -> 2;
            case SUPERSEDED -> 1;
            case PASSED -> 0;
        };
    }

    /// The name as it is stored: `timed_out`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Verdict of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /// The word for people: `timed out`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
