package airlock.phases;

import airlock.config.PhaseNetwork;
import airlock.config.ProxyToken;
import airlock.config.UpstreamProxy;
import airlock.egress.Connection;
import airlock.egress.HostCheck;
import airlock.egress.LookUps;
import airlock.egress.OtherStreams;
import airlock.egress.OwnPlaces;
import airlock.egress.Upstream;
import airlock.egress.WayOut;
import airlock.event.Secret;
import airlock.sandbox.Sandbox;
import airlock.token.TokenLimits;
import airlock.token.TokenOrder;
import airlock.token.TokenProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Lets VMs of trusted phases out over this machine's network.
public final class HostWays {
    private final OwnPlaces own;
    private final LookUps lookUps = LookUps.ofThisMachine();
    private final Optional<UpstreamProxy> upstream;
    private final Sandbox walls;
    private final Path tokens;

    /// @param ports on which Airlock itself listens; no VM may connect to them
    /// @param upstream the proxy through which to connect, if this machine can't by itself
    /// @param walls of processes that have a token
    /// @param tokens the directory of their homes; homes that a killed server left are removed
    public HostWays(
            Set<Integer> ports, Optional<UpstreamProxy> upstream, Sandbox walls, Path tokens) {
        this.own = OwnPlaces.ofThisMachine(ports);
        this.upstream = upstream;
        this.walls = walls;
        this.tokens = tokens;
        TokenProxy.removeLeft(tokens);
    }

    /// A way out to the places that `network` lists.
    ///
    /// @param others serves the streams that are not connections
    /// @param told gets each connection once
    WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told) {
        return new WayOut(network, lookUps.ofOne(), own, upstream, others, told);
    }

    /// Looks up and checks the host of a token, by the rules of `network`.
    HostCheck.Answer check(PhaseNetwork network, ProxyToken token) {
        boolean leavesNames = upstream.filter(UpstreamProxy::resolves).isPresent();
        return new HostCheck(network, lookUps.ofOne(), own, leavesNames)
                .check(token.host(), token.port());
    }

    /// Starts the process that has this token and nothing else.
    TokenProxy start(TokenOrder order, TokenProxy.Listener listener) throws IOException {
        var through = upstream.filter(_ -> Upstream.takes(order.origin().addresses()));
        var wanted = through.isEmpty() ? order : order.by(way(through.orElseThrow()));
        return TokenProxy.start(wanted, walls, tokens, listener);
    }

    private TokenOrder.Way way(UpstreamProxy proxy) throws IOException {
        return new TokenOrder.Way(
                Upstream.reached(proxy, lookUps.ofOne(), TokenLimits.STANDARD.connect()),
                proxy.port(),
                proxy.authorization().map(Secret::new));
    }
}
