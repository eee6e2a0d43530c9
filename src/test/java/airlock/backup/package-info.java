/// Takes a small state; gives tests of its backups, whole and spoilt.
@NullMarked
package airlock.backup;

import org.jspecify.annotations.NullMarked;
