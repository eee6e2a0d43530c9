/// Takes paths; gives files and directories that belong to this process's user, removes trees
/// without following a link, and says in words what a file system refused.
@NullMarked
package airlock.base;

import org.jspecify.annotations.NullMarked;
