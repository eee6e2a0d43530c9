/// Takes events, with the deliveries that brought them; gives requests and runs to whoever claims
/// them, each to one at a time, with a generation number that refuses late writers.
@NullMarked
package airlock.queue;

import org.jspecify.annotations.NullMarked;
