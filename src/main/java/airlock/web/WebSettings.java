package airlock.web;

import java.time.Duration;

/// The web server's address and limits.
///
/// @param host name or address to listen on
/// @param port 0 for any free one
/// @param slowest how long a client may take to read one piece (at most 64 KiB) of an answer
/// @param heartbeat how often a silent live log sends a comment
public record WebSettings(
        String host,
        int port,
        int connections,
        int liveLogs,
        Duration idle,
        Duration slowest,
        Duration heartbeat) {

    /// The limits of a real server.
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
