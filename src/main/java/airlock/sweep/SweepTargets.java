package airlock.sweep;

import java.util.List;

/// Which repositories are swept.
@FunctionalInterface
public interface SweepTargets {
    /// Those of the configuration whose id is known; one that has none is not, until its first
    /// webhook pins it (T8).
    List<SweepTarget> sweepTargets();
}
