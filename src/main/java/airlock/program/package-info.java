/// Takes command lines; gives programs of the host in sessions of their own, and sentences that say
/// how they ended.
@NullMarked
package airlock.program;

import org.jspecify.annotations.NullMarked;
