package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RequestId;
import airlock.forge.StatusPoster.CommitState;
import airlock.statuses.StatusPauses.StatusPause;
import java.time.Instant;
import java.util.List;

/// Commit statuses for people. Threads: any.
public interface StatusViews {
    List<OutboxRow> of(RequestId request);

    List<StatusPause> paused();

    /// One commit status of a request, for people.
    ///
    /// @param detail why it waits, was given up or withheld; may be empty
    record OutboxRow(
            CommitId commit,
            String context,
            CommitState state,
            String description,
            Outcome outcome,
            String detail,
            Instant changed) {

        public String word() {
            return state.word();
        }

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

        public boolean isGivenUp() {
            return outcome == Outcome.GIVEN_UP;
        }

        public enum Outcome {
            WAITING,
            /// Being sent, or sent and maybe lost.
            UNDER_WAY,
            SENT,
            GIVEN_UP,
            /// Not sent: another request owns the context (T4).
            WITHHELD
        }
    }
}
