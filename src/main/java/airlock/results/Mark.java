package airlock.results;

import airlock.event.StateChange;
import airlock.event.Verdict;
import java.util.Locale;

/// The state of a run, phase or step. Each has its own word, shape and colour, so that no one
/// depends on colours, and the commit's faults never look like ours. The most urgent is first:
/// running, then the commit's faults, then ours.
public enum Mark {
    RUNNING,
    QUEUED,
    FAILED,
    INVALID_PLAN,
    TIMED_OUT,
    BROKE,
    CANCELLED,
    SUPERSEDED,
    PASSED,
    /// The run ended before it began, or it had nothing to do.
    NOT_RUN;

    public static Mark of(StateChange.State state) {
        return switch (state) {
            case StateChange.State.Queued _ -> QUEUED;
            case StateChange.State.Running _ -> RUNNING;
            case StateChange.State.Ended ended -> of(ended.verdict());
        };
    }

    public static Mark of(Verdict verdict) {
        return valueOf(verdict.name());
    }

    /// The word for people: `timed out`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The name in the style sheet, icons and events: `timed-out`.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether pages unfold it.
    public boolean callsForAttention() {
        return switch (this) {
            case RUNNING, FAILED, TIMED_OUT, INVALID_PLAN, BROKE -> true;
            case QUEUED, PASSED, CANCELLED, SUPERSEDED, NOT_RUN -> false;
        };
    }
}
