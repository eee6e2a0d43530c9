package airlock.run;

/// Does one piece of work at a time.
@FunctionalInterface
public interface Worker {
    /// Does the next piece, if there is one; returns whether there was.
    boolean runOnce() throws InterruptedException;
}
