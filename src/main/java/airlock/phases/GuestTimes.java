package airlock.phases;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Where the time of a phase went inside its guest, by the guest's clock, in microseconds since
/// its gate got the line. Records come on one thread; whoever reads comes after them.
final class GuestTimes {
    private OptionalLong first = OptionalLong.empty();
    private OptionalLong action = OptionalLong.empty();
    private OptionalLong actionsEnd = OptionalLong.empty();
    private OptionalLong finished = OptionalLong.empty();

    /// A step began.
    ///
    /// @param ofPlan whether it is of one of the plan's actions
    synchronized void began(long microseconds, boolean ofPlan) {
        if (first.isEmpty()) {
            first = OptionalLong.of(microseconds);
        }
        if (ofPlan && action.isEmpty()) {
            action = OptionalLong.of(microseconds);
        }
    }

    synchronized void ended(long microseconds, boolean ofPlan) {
        if (ofPlan) {
            actionsEnd = OptionalLong.of(microseconds);
        }
    }

    synchronized void finished(long microseconds) {
        finished = OptionalLong.of(microseconds);
    }

    /// `gate` until the first step began, `inputs` until the plan's first action, `actions`,
    /// `outputs` until the last record; those that were come to.
    synchronized Map<String, Duration> parts() {
        var parts = new LinkedHashMap<String, Duration>();
        put(parts, "gate", OptionalLong.of(0), first);
        put(parts, "inputs", first, action);
        put(parts, "actions", action, actionsEnd);
        put(parts, "outputs", actionsEnd, finished);
        return parts;
    }

    private static void put(
            Map<String, Duration> parts, String name, OptionalLong from, OptionalLong to) {
        if (from.isPresent() && to.isPresent()) {
            parts.put(name, Duration.of(to.getAsLong() - from.getAsLong(), ChronoUnit.MICROS));
        }
    }
}
