/// Takes state changes of requests and runs, inside the transactions that make them; gives commit
/// statuses at the forge, at least once and in order per commit and context.
@NullMarked
package airlock.statuses;

import org.jspecify.annotations.NullMarked;
