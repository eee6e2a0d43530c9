/// Takes events, with the deliveries that brought them; gives requests and runs to workers, each to
/// one at a time, with a generation number that rejects late writes.
@NullMarked
package airlock.queue;

import org.jspecify.annotations.NullMarked;
