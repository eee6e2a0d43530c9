package airlock.phases;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The times of a phase's parts inside its guest, by the guest's clock, in microseconds since the
/// gate got its line. **Threads**: any.
final class GuestTimes {
    private final Map<Mark, Long> marks = new EnumMap<>(Mark.class);

    private enum Mark {
        GATE,
        FIRST_STEP,
        FIRST_ACTION,
        LAST_ACTION_END,
        FINISHED
    }

    GuestTimes() {
        marks.put(Mark.GATE, 0L);
    }

    /// A step began.
    ///
    /// @param ofPlan whether the step is one of the plan's actions
    synchronized void began(long microseconds, boolean ofPlan) {
        marks.putIfAbsent(Mark.FIRST_STEP, microseconds);
        if (ofPlan) {
            marks.putIfAbsent(Mark.FIRST_ACTION, microseconds);
        }
    }

    synchronized void ended(long microseconds, boolean ofPlan) {
        if (ofPlan) {
            marks.put(Mark.LAST_ACTION_END, microseconds);
        }
    }

    synchronized void finished(long microseconds) {
        marks.put(Mark.FINISHED, microseconds);
    }

    /// The parts that were reached: `gate` until the first step, `inputs` until the plan's first
    /// action, `actions`, `outputs` until the last record.
    synchronized Map<String, Duration> parts() {
        var parts = new LinkedHashMap<String, Duration>();
        put(parts, "gate", Mark.GATE, Mark.FIRST_STEP);
        put(parts, "inputs", Mark.FIRST_STEP, Mark.FIRST_ACTION);
        put(parts, "actions", Mark.FIRST_ACTION, Mark.LAST_ACTION_END);
        put(parts, "outputs", Mark.LAST_ACTION_END, Mark.FINISHED);
        return parts;
    }

    private void put(Map<String, Duration> parts, String name, Mark from, Mark to) {
        Long begin = marks.get(from);
        Long end = marks.get(to);
        if (begin != null && end != null) {
            parts.put(name, Duration.of(end - begin, ChronoUnit.MICROS));
        }
    }
}
