/// Takes what is stored and what the configuration allows; removes the oldest, and measures who
/// uses how much.
@NullMarked
package airlock.retention;

import org.jspecify.annotations.NullMarked;
