package airlock.web;

import airlock.results.Visit;
import java.time.Instant;
import java.util.List;

/// The people in a run's machines.
///
/// @param keptUntil how long the machine of its failed phase stays; 1970 where none does
/// @param list who was in, the oldest first
public record Visits(Instant keptUntil, List<Visit> list) {
    static final Visits NONE = new Visits(Instant.EPOCH, List.of());

    public Visits {
        list = List.copyOf(list);
    }

    /// Whether the machine of a failed phase is there to be entered.
    public boolean isKept() {
        return !keptUntil.equals(Instant.EPOCH);
    }
}
