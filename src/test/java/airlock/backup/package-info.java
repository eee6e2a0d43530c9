/// Takes a small state; gives tests of its backups, intact and damaged.
@NullMarked
package airlock.backup;

import org.jspecify.annotations.NullMarked;
