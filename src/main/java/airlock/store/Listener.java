package airlock.store;

import org.jdbi.v3.core.Handle;

/// Hears of a change inside the transaction that makes it, so that what follows is kept or lost
/// together with it.
///
/// @param <C> what changed
@FunctionalInterface
public interface Listener<C> {
    /// Called in the transaction of `handle`; must only use that handle.
    void changed(Handle handle, C change);
}
