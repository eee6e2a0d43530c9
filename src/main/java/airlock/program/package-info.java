/// Takes command lines; gives programs of the host in sessions of their own, and how they ended, in
/// words.
@NullMarked
package airlock.program;

import org.jspecify.annotations.NullMarked;
