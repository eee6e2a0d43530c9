package airlock.statuses;

import airlock.event.CommitId;
import airlock.forge.CommitState;
import java.time.Instant;

/// One commit status of a request, as people look at it.
///
/// @param detail why it waits, was given up or withheld; may be empty
/// @param changed when `outcome` came to be
public record OutboxRow(
        CommitId commit,
        String context,
        CommitState state,
        String description,
        Outcome outcome,
        String detail,
        Instant changed) {

    /// The forge's word for its state, such as `pending`.
    public String word() {
        return state.word();
    }

    /// What became of it, in one line for people.
    public String delivery() {
        String what =
                switch (outcome) {
                    case WAITING -> "waits to be sent";
                    case UNDER_WAY -> "on its way";
                    case SENT -> "sent";
                    case GIVEN_UP -> "given up";
                    case WITHHELD -> "not sent";
                };
        return detail.isEmpty() ? what : what + ": " + detail;
    }

    /// Whether the forge will never have it.
    public boolean isGivenUp() {
        return outcome == Outcome.GIVEN_UP;
    }

    /// What became of it.
    public enum Outcome {
        /// Not sent yet.
        WAITING,
        /// On its way, or sent and not known to have arrived.
        UNDER_WAY,
        /// The forge has it.
        SENT,
        /// The forge will never take it; `detail` says why.
        GIVEN_UP,
        /// Not for the forge: another request owns the context (T4).
        WITHHELD
    }
}
