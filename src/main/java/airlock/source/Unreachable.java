package airlock.source;

/// The forge did not answer, did not let us in, or sent us to another host.
///
/// @param why what was tried and what came of it, in words for people
/// @param retryable whether time may heal it; not so for wrong credentials or an unknown host key
/// @param silent whether the forge took the question and gave no answer in time, so that it would
///     hold up a question about any other repository as long
/// @param login whether the forge asked for a login
public record Unreachable(String why, boolean retryable, boolean silent, boolean login)
        implements Fetched, Listing, Reachable, Changed {
    /// One whose forge is not silent.
    public Unreachable(String why, boolean retryable) {
        this(why, retryable, false);
    }

    /// One whose forge asked for no login.
    Unreachable(String why, boolean retryable, boolean silent) {
        this(why, retryable, silent, false);
    }
}
