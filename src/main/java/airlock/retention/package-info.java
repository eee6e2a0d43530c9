/// Takes what is kept and what the configuration allows; gives room back, oldest first, and tells
/// who uses what.
@NullMarked
package airlock.retention;

import org.jspecify.annotations.NullMarked;
