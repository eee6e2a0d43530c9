package airlock.web;

import airlock.results.PhaseTimes;
import java.time.Duration;

/// Where the time of a phase's VM went.
///
/// @param beginning what the VM began as, for people; empty if nothing is known
/// @param start until its gate opened
/// @param work until its last record
/// @param end until nothing of it was left
public record VmTime(String beginning, Duration start, Duration work, Duration end) {
    /// Nothing is known.
    public static final VmTime UNKNOWN =
            new VmTime("", Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static final int WHOLE = 1000;

    static VmTime of(PhaseTimes times) {
        return new VmTime(
                times.beginning().equals("ready") ? "ready clone" : times.beginning(),
                times.sum("template", "drives", "qemu", "load", "boot"),
                times.sum("work"),
                times.sum("end"));
    }

    public boolean isKnown() {
        return !beginning.isEmpty() && !all().isZero();
    }

    private Duration all() {
        return start.plus(work).plus(end);
    }

    /// The width of the start, in thousandths of all.
    public int startWidth() {
        return share(start);
    }

    public int workWidth() {
        return WHOLE - startWidth() - endWidth();
    }

    public int endWidth() {
        return share(end);
    }

    private int share(Duration part) {
        return (int) (part.toMillis() * WHOLE / Math.max(1, all().toMillis()));
    }

    /// One line for people.
    public String text() {
        return "VM (%s): start %s, work %s, end %s"
                .formatted(
                        beginning, Show.duration(start), Show.duration(work), Show.duration(end));
    }
}
