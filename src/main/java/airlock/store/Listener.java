package airlock.store;

import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// Hears of a change inside the transaction that makes it, so that what follows is kept or lost
/// together with it.
///
/// @param <C> what changed
@FunctionalInterface
public interface Listener<C> {
    /// Called in the transaction of `handle`; must only use that handle.
    void changed(Handle handle, C change);

    /// One that keeps nothing, so it may hear of a change whose transaction fails in the end.
    static <C> Listener<C> hearing(Consumer<? super C> hears) {
        return (_, change) -> hears.accept(change);
    }

    /// The same, and after it `hears`, as in [#hearing(Consumer)].
    default Listener<C> and(Consumer<? super C> hears) {
        return (handle, change) -> {
            changed(handle, change);
            hears.accept(change);
        };
    }
}
