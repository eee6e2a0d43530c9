/// Takes things in memory; gives tests of what goes and what stays.
@NullMarked
package airlock.retention;

import org.jspecify.annotations.NullMarked;
