/// Takes transactions from the packages that own tables; gives results that are on disk, and shares
/// each sync between many of them.
@NullMarked
package airlock.store;

import org.jspecify.annotations.NullMarked;
