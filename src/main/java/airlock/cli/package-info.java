/// Takes command-line arguments; gives output for a terminal and an exit code.
@NullMarked
package airlock.cli;

import org.jspecify.annotations.NullMarked;
