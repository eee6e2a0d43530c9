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

    /// The one of two that tells more: what the commit did wrong before what went wrong with it.
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

    /// Reads what [#key()] wrote.
    public static Verdict of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /// The word for people: `timed out`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
