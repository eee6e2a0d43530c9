/// Takes the arguments of the command line; gives an exit code. Everything else is in the packages
/// below.
@NullMarked
package airlock;

import org.jspecify.annotations.NullMarked;
