package airlock.site;

import airlock.event.Contexts;
import airlock.event.StateChange;
import airlock.metrics.Meters;
import java.util.function.Consumer;

/// Counts the changes of state that end something. One whose transaction fails in the end is
/// counted all the same: that the disk failed shows elsewhere.
record CountedChanges(Meters meters) implements Consumer<StateChange> {
    @Override
    public void accept(StateChange change) {
        if (change.state() instanceof StateChange.State.Ended ended) {
            boolean request = change.context().equals(Contexts.ofRequest(change.subject()));
            meters.ended(request ? Meters.Ended.REQUEST : Meters.Ended.RUN, ended.verdict());
        }
    }
}
