package airlock.source;

/// The forge did not answer, did not let us in, or sent us to another host.
///
/// @param why what was tried and what came of it, in words for people
/// @param retryable whether time may heal it; not so for wrong credentials or an unknown host key
public record Unreachable(String why, boolean retryable)
        implements Fetched, Listing, Reachable, Changed {}
