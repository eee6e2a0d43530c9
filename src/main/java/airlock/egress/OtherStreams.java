package airlock.egress;

import airlock.uplink.Offer;
import java.util.Optional;
import java.util.function.IntFunction;

/// Serves the streams of a guest that are no connections of its own: an agent's, a token's.
@FunctionalInterface
public interface OtherStreams {
    /// Nobody does.
    OtherStreams NONE = (_, _) -> false;

    /// Serves one to its end, unless nobody here does.
    ///
    /// @param carries is told of bytes to or from a server, and says why there may be no more of
    ///     them; empty where there may
    /// @return whether it was served; if not, the offer has no answer yet
    boolean serve(Offer offer, IntFunction<Optional<String>> carries) throws InterruptedException;
}
