/// Takes transactions from the packages that own tables; gives answers that are on disk, many
/// commits with one sync.
@NullMarked
package airlock.store;

import org.jspecify.annotations.NullMarked;
