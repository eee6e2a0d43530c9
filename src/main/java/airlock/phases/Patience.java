package airlock.phases;

import java.util.function.BooleanSupplier;

/// Says when a phase that broke may be tried again.
@FunctionalInterface
public interface Patience {
    /// At once.
    Patience NONE = _ -> {};

    /// Waits until it may be tried again, or `over` says that nobody wants it any more.
    void await(BooleanSupplier over) throws InterruptedException;
}
