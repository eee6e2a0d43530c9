package airlock.statuses;

import airlock.event.RequestId;
import java.util.List;

/// What people read about commit statuses. Callable by many threads at once.
public interface StatusViews {
    /// What became of the newest statuses of `request`, in the order in which they came to be.
    List<OutboxRow> of(RequestId request);

    /// The forges and repositories whose statuses wait because the forge refuses them.
    List<StatusPause> paused();
}
