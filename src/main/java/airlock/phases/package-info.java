/// Takes a run's plan, source and earlier outputs; gives the result of each phase, run in a VM of
/// its own, with its log and outputs kept.
@NullMarked
package airlock.phases;

import org.jspecify.annotations.NullMarked;
