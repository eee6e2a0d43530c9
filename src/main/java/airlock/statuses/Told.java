package airlock.statuses;

import airlock.event.StateChange.State;
import airlock.event.Verdict;

/// A state as the forge is told it (T4).
///
/// @param state `pending`, `success`, `failure` or `error`; Gitea, Forgejo and GitHub share these
///     four words. Gitea's `warning` and `skipped` are never used: it counts both as success
/// @param description one line for people
record Told(String state, String description) {
    /// GitHub answers 422 to a longer one (docs.github.com, "REST API endpoints for commit
    /// statuses").
    static final int LONGEST = 140;

    Told {
        description = line(description);
    }

    static Told of(State state) {
        return switch (state) {
            case State.Queued _ -> new Told("pending", "waiting for its turn");
            case State.Running _ -> new Told("pending", "running");
            case State.Ended(Verdict verdict, String reason) ->
                    new Told(word(verdict), text(verdict, line(reason)));
        };
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> "success";
            case FAILED, TIMED_OUT, INVALID_PLAN -> "failure";
            case BROKE, CANCELLED, SUPERSEDED -> "error";
        };
    }

    /// The verdict's word, and the reason where it says more than that.
    private static String text(Verdict verdict, String reason) {
        if (reason.isEmpty()) {
            return verdict.word();
        }
        return reason.contains(verdict.word()) ? reason : verdict.word() + ": " + reason;
    }

    /// One line without control, format and bidi characters (H5), cut to [#LONGEST].
    private static String line(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\s]+", " ").strip();
        int end = plain.codePointCount(0, plain.length());
        return end <= LONGEST
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }
}
