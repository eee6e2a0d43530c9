package airlock.egress;

import airlock.config.PhaseNetwork;
import airlock.uplink.Uplink;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way out of a trusted phase's VM: its uplink port, behind which this decides and
// connects.
public final class WayOut {
    private static final Logger LOG = LoggerFactory.getLogger(WayOut.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration HELLO = Duration.ofSeconds(20);

    private final ConnectServer server;

    /// @param told hears of each connection once, when it is over, from any thread
    public WayOut(
            PhaseNetwork network, Resolver resolver, OwnPlaces own, Consumer<Connection> told) {
        this.server =
                new ConnectServer(
                        new Gatekeeper(network, resolver, own),
                        new Dialer(PATIENCE),
                        HELLO,
                        network.caps(),
                        told);
    }

    /// Serves a port until it is closed; then no connection of it is left.
    ///
    /// @param in what the guest says
    /// @param out what it is told
    public void serve(InputStream in, OutputStream out) {
        switch (new Uplink(in, out, server::serve).run()) {
            case Uplink.Ending.Closed _ -> {}
            case Uplink.Ending.Broken(var why) ->
                    LOG.warn("a guest broke the rules of its uplink, which is closed: {}", why);
        }
    }
}
