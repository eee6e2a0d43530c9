package airlock.store;

import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// Is called inside the transaction of a change, so that its own writes are committed or lost
/// together with it.
///
/// @param <C> the kind of change
@FunctionalInterface
public interface Listener<C> {
    /// Called in the transaction of `handle`; must use no other handle.
    void changed(Handle handle, C change);

    /// For a listener that writes nothing; the transaction may still fail after it was called.
    static <C> Listener<C> hearing(Consumer<? super C> hears) {
        return (_, change) -> hears.accept(change);
    }

    /// Calls this, then `hears` as in [#hearing(Consumer)].
    default Listener<C> and(Consumer<? super C> hears) {
        return (handle, change) -> {
            changed(handle, change);
            hears.accept(change);
        };
    }
}
