/// Takes what is stored and what the configuration allows; gives free space by removing the oldest,
/// and reports who uses how much.
@NullMarked
package airlock.retention;

import org.jspecify.annotations.NullMarked;
