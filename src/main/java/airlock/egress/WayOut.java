package airlock.egress;

import airlock.config.PhaseNetwork;
import airlock.config.UpstreamProxy;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.LookUps.Resolver;
import airlock.uplink.Uplink;
import airlock.uplink.Uplink.Offer;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the uplink port of a trusted phase's VM, its only way to the network.
public final class WayOut {
    private static final Logger LOG = LoggerFactory.getLogger(WayOut.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration HELLO = Duration.ofSeconds(20);

    private final ConnectServer server;
    private final Optional<String> remark;

    /// @param upstream the proxy through which to connect, if this machine needs one
    /// @param others serves the streams that are not connections to hosts
    /// @param told gets each connection once, at its end, from any thread
    public WayOut(
            PhaseNetwork network,
            Resolver resolver,
            OwnPlaces own,
            Optional<UpstreamProxy> upstream,
            OtherStreams others,
            Consumer<Connection> told) {
        var leaving = upstream.filter(UpstreamProxy::resolves);
        this.server =
                new ConnectServer(
                        new Gatekeeper(network, resolver, own, leaving.isPresent()),
                        new HostDialer(upstream, resolver, PATIENCE),
                        HELLO,
                        network.caps(),
                        others,
                        told);
        this.remark =
                leaving.map(
                        proxy ->
                                "addresses of listed places and tokens are not checked: the upstream proxy %s looks their names up (upstream_proxy.resolves)"
                                        .formatted(proxy));
    }

    /// A note about all of its connections for the log, if any.
    public Optional<String> remark() {
        return remark;
    }

    /// The uplink of a port; the caller runs it.
    ///
    /// @param in from the guest
    /// @param out to the guest
    public Uplink uplink(InputStream in, OutputStream out) {
        return new Uplink(in, out, server::serve);
    }

    /// Serves a port until it is closed; then all of its connections have ended.
    ///
    /// @param in from the guest
    /// @param out to the guest
    public void serve(InputStream in, OutputStream out) {
        uplink(in, out)
                .run()
                .ifPresent(
                        why ->
                                LOG.warn(
                                        "a guest broke the rules of its uplink, which is closed: {}",
                                        why));
    }

    /// Serves the streams of a guest that are not connections to hosts: to an agent, to a token.
    @FunctionalInterface
    public interface OtherStreams {
        /// Serves none.
        OtherStreams NONE = (_, _) -> false;

        /// Serves a stream to its end, or returns false without having answered the offer.
        ///
        /// @param carries called with the number of bytes to or from a server before they are
        ///     passed on; returns why they may not be
        boolean serve(Offer offer, IntFunction<Optional<String>> carries)
                throws InterruptedException;
    }
}
