package airlock.statuses;

import airlock.event.RequestId;
import java.util.List;

/// Commit statuses for people. Threads: any.
public interface StatusViews {
    /// The newest statuses of `request`, in order.
    List<OutboxRow> of(RequestId request);

    /// The pauses of forges and repositories.
    List<StatusPause> paused();
}
