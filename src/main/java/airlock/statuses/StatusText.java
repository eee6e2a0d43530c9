package airlock.statuses;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.forge.CommitState;
import airlock.text.SafeText;

/// The commit status for a state (T4). Not used: Gitea's `warning` and `skipped`, which count as
/// success.
///
/// @param description one line for people, at most [#LONGEST] code points; the forge's client may
///     cut it further
record StatusText(CommitState state, String description) {
    static final int LONGEST = 500;

    StatusText {
        description = SafeText.line(description, LONGEST);
    }

    static StatusText of(State state) {
        return switch (state) {
            case State.Queued _ -> new StatusText(CommitState.PENDING, "waiting for its turn");
            case State.Running _ -> new StatusText(CommitState.PENDING, "running");
            case State.Ended(Verdict verdict, String reason) ->
                    new StatusText(of(verdict), text(verdict, reason.strip()));
        };
    }

    private static CommitState of(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> CommitState.SUCCESS;
            case FAILED, TIMED_OUT, INVALID_PLAN -> CommitState.FAILURE;
            case BROKE, CANCELLED, SUPERSEDED -> CommitState.ERROR;
        };
    }

    /// Begins with the verdict's word, unless the reason begins or ends with it.
    private static String text(Verdict verdict, String reason) {
        if (reason.isEmpty()) {
            return verdict.word();
        }
        boolean said = reason.startsWith(verdict.word()) || reason.endsWith(" " + verdict.word());
        return said ? reason : verdict.word() + ": " + reason;
    }
}
