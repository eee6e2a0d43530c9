/// Takes a terminal and a VM; gives a person a shell in it.
@NullMarked
package airlock.shell;

import org.jspecify.annotations.NullMarked;
