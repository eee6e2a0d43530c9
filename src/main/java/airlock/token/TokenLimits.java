package airlock.token;

import java.time.Duration;

/// Limits of a token's requests.
///
/// @param connect for a connection to each of the host's addresses
/// @param silence how long the host or the client may keep the other waiting
/// @param requests at the same time
public record TokenLimits(Duration connect, Duration silence, int requests) {
    /// The usual limits.
    public static final TokenLimits STANDARD =
            new TokenLimits(Duration.ofSeconds(15), Duration.ofSeconds(60), 32);
}
