package airlock.web;

import java.time.Duration;

/// The web server's address and bounds.
///
/// @param host name or address to listen on
/// @param port 0 for any free one
/// @param connections the most connections at once
/// @param liveLogs the most live logs at once
/// @param idle how long a connection may be silent
/// @param slowest how long a client may take for one piece (64 KiB at most) of a live log or a
///     download
/// @param heartbeat how often a silent live log gives a sign of life
public record WebSettings(
        String host,
        int port,
        int connections,
        int liveLogs,
        Duration idle,
        Duration slowest,
        Duration heartbeat) {

    /// The usual bounds.
    public static WebSettings of(String host, int port) {
        return new WebSettings(
                host,
                port,
                2000,
                500,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15));
    }
}
