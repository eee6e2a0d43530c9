/// Takes a run's plan, source and earlier outputs; gives the result of each phase, which ran in its
/// own VM, and keeps its log and outputs.
@NullMarked
package airlock.phases;

import org.jspecify.annotations.NullMarked;
