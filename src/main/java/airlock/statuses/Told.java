package airlock.statuses;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.forge.CommitState;
import airlock.text.SafeText;

/// A state as the forge is told it (T4). Gitea's `warning` and `skipped` are never used: it
/// counts both as success.
///
/// @param description one line for people, at most [#LONGEST] code points; the forge's client
///     cuts it further where the forge takes less
record Told(CommitState state, String description) {
    static final int LONGEST = 500;

    Told {
        description = SafeText.line(description, LONGEST);
    }

    static Told of(State state) {
        return switch (state) {
            case State.Queued _ -> new Told(CommitState.PENDING, "waiting for its turn");
            case State.Running _ -> new Told(CommitState.PENDING, "running");
            case State.Ended(Verdict verdict, String reason) ->
                    new Told(of(verdict), text(verdict, reason.strip()));
        };
    }

    private static CommitState of(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> CommitState.SUCCESS;
            case FAILED, TIMED_OUT, INVALID_PLAN -> CommitState.FAILURE;
            case BROKE, CANCELLED, SUPERSEDED -> CommitState.ERROR;
        };
    }

    /// The verdict's word first, unless the reason begins so or counts runs by it.
    private static String text(Verdict verdict, String reason) {
        if (reason.isEmpty()) {
            return verdict.word();
        }
        boolean said = reason.startsWith(verdict.word()) || reason.endsWith(" " + verdict.word());
        return said ? reason : verdict.word() + ": " + reason;
    }
}
