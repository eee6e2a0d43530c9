package airlock.token;

import java.time.Duration;

/// What bounds a token's requests.
///
/// @param connect how long each of the host's addresses may take to be connected to
/// @param silence how long the host or the client may keep the other one waiting
/// @param requests most of them at once
public record TokenLimits(Duration connect, Duration silence, int requests) {
    /// Where nothing else is asked for.
    public static final TokenLimits STANDARD =
            new TokenLimits(Duration.ofSeconds(15), Duration.ofSeconds(60), 32);
}
