package airlock.run;

/// Somebody who takes one piece of work at a time.
@FunctionalInterface
public interface Worker {
    /// Does the next piece, if there is one; says whether there was.
    boolean runOnce() throws InterruptedException;
}
