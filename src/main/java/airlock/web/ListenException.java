package airlock.web;

import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;

/// The server cannot listen on its address; the message says what to do.
public final class ListenException extends RuntimeException {
    private ListenException(String address, JavalinBindException cause) {
        super(
                "cannot listen on %s: another program has this port, or it is not this user's to open (ports below 1024); `ss -ltnp` shows which, `listen` and `metrics` of the configuration name another"
                        .formatted(address),
                cause);
    }

    /// Starts `server`, which is configured for `host` and `port`.
    static void start(Javalin server, String host, int port) {
        try {
            server.start();
        } catch (JavalinBindException e) {
            throw new ListenException(host + ":" + port, e);
        }
    }
}
