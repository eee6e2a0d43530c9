package airlock.source;

/// The forge did not answer, refused access, or redirected to another host.
///
/// @param why for people: what was tried, and what happened
/// @param retryable whether a later try may succeed; not with wrong credentials or host keys
/// @param silent whether the forge accepted the connection but did not answer in time, so that it
///     would delay orders for its other repositories as long
/// @param login whether the forge asked for a login
public record Unreachable(String why, boolean retryable, boolean silent, boolean login)
        implements Fetched, Listing, Reachable, Changed {
    /// The forge was not silent and asked for no login.
    public Unreachable(String why, boolean retryable) {
        this(why, retryable, false);
    }

    /// The forge asked for no login.
    Unreachable(String why, boolean retryable, boolean silent) {
        this(why, retryable, silent, false);
    }
}
