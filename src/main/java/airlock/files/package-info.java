/// Takes paths; gives files and directories that belong to this process's user, and removes trees
/// without following a link.
@NullMarked
package airlock.files;

import org.jspecify.annotations.NullMarked;
