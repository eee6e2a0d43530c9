/// Takes the arguments of the command line; gives what a terminal shows and an exit code.
@NullMarked
package airlock.cli;

import org.jspecify.annotations.NullMarked;
