/// Takes a built Airlock; gives the figures of docs/performance.md, each measured in turn with what
/// it is held against.
@NullMarked
package airlock.bench;

import org.jspecify.annotations.NullMarked;
