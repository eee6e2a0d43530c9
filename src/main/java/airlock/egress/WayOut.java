package airlock.egress;

import airlock.config.PhaseNetwork;
import airlock.config.UpstreamProxy;
import airlock.uplink.Uplink;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way out of a trusted phase's VM: its uplink port, behind which this decides and
/// connects.
public final class WayOut {
    private static final Logger LOG = LoggerFactory.getLogger(WayOut.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration HELLO = Duration.ofSeconds(20);

    private final ConnectServer server;
    private final Optional<String> remark;

    /// @param upstream the proxy through which to connect; empty where this machine can by itself
    /// @param others serves the streams that are no connections
    /// @param told hears of each connection once, when it is over, from any thread
    public WayOut(
            PhaseNetwork network,
            Resolver resolver,
            OwnPlaces own,
            Optional<UpstreamProxy> upstream,
            OtherStreams others,
            Consumer<Connection> told) {
        var direct = new DirectDialer(PATIENCE);
        var leaving = upstream.filter(UpstreamProxy::resolves);
        this.server =
                new ConnectServer(
                        new Gatekeeper(network, resolver, own, leaving.isPresent()),
                        upstream.<Dialer>map(
                                        proxy ->
                                                new UpstreamDialer(
                                                        proxy, resolver, direct, PATIENCE))
                                .orElse(direct),
                        HELLO,
                        network.caps(),
                        others,
                        told);
        this.remark =
                leaving.map(
                        proxy ->
                                "addresses of listed places and tokens are not checked: the upstream proxy"
                                        + " %s".formatted(proxy)
                                        + " looks their names up (upstream_proxy.resolves)");
    }

    /// What people should know of all of its connections; most have nothing.
    public Optional<String> remark() {
        return remark;
    }

    /// The uplink of a port, to be run.
    ///
    /// @param in what the guest says
    /// @param out what it is told
    public Uplink uplink(InputStream in, OutputStream out) {
        return new Uplink(in, out, server::serve);
    }

    /// Serves a port until it is closed; then no connection of it is left.
    ///
    /// @param in what the guest says
    /// @param out what it is told
    public void serve(InputStream in, OutputStream out) {
        switch (uplink(in, out).run()) {
            case Uplink.Ending.Closed _ -> {}
            case Uplink.Ending.Broken(var why) ->
                    LOG.warn("a guest broke the rules of its uplink, which is closed: {}", why);
        }
    }
}
