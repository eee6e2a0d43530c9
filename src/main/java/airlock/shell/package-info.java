/// Takes a terminal and a VM; gives a shell in it.
@NullMarked
package airlock.shell;

import org.jspecify.annotations.NullMarked;
