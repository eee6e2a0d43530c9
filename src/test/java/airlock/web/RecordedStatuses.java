package airlock.web;

import airlock.event.RequestId;
import airlock.statuses.OutboxRow;
import airlock.statuses.StatusPause;
import airlock.statuses.StatusViews;
import java.util.List;

/// Other statuses, and each look at them by name in `steps`.
record RecordedStatuses(StatusViews statuses, List<String> steps) implements StatusViews {
    @Override
    public List<OutboxRow> of(RequestId request) {
        steps.add("statuses");
        return statuses.of(request);
    }

    @Override
    public List<StatusPause> paused() {
        steps.add("paused");
        return statuses.paused();
    }
}
