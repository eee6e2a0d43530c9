package airlock.phases;

import airlock.config.PhaseNetwork;
import airlock.config.ProxyToken;
import airlock.config.UpstreamProxy;
import airlock.egress.Connection;
import airlock.egress.Gatekeeper;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.LookUps;
import airlock.egress.Upstream;
import airlock.egress.WayOut;
import airlock.egress.WayOut.OtherStreams;
import airlock.event.Secret;
import airlock.sandbox.ChildJvm;
import airlock.sandbox.Sandbox;
import airlock.token.TokenOrder;
import airlock.token.TokenOrder.TokenLimits;
import airlock.token.TokenProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Gives VMs of trusted phases ways out over this machine's network.
public final class HostWays {
    private final OwnPlaces own;
    private final LookUps lookUps = LookUps.ofThisMachine();
    private final Optional<UpstreamProxy> upstream;
    private final Sandbox walls;
    private final Path tokens;

    /// @param ports on which Airlock itself listens; no VM may connect to them
    /// @param upstream the proxy through which to connect, if this machine needs one
    /// @param walls around processes that have a token
    /// @param tokens for the homes of those processes; removes the homes that a killed server left
    public HostWays(
            Set<Integer> ports, Optional<UpstreamProxy> upstream, Sandbox walls, Path tokens) {
        this.own = OwnPlaces.ofThisMachine(ports);
        this.upstream = upstream;
        this.walls = walls;
        this.tokens = tokens;
        ChildJvm.removeHomes(tokens);
    }

    /// @param others serves the streams that are not connections to hosts
    /// @param told gets each connection once
    WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told) {
        return new WayOut(network, lookUps.ofOne(), own, upstream, others, told);
    }

    Gatekeeper.Decision check(PhaseNetwork network, ProxyToken token) {
        boolean leavesNames = upstream.filter(UpstreamProxy::resolves).isPresent();
        return new Gatekeeper(network, lookUps.ofOne(), own, leavesNames)
                .decideNamed(token.host(), token.port());
    }

    TokenProxy start(TokenOrder order, Consumer<String> notes, Consumer<String> leaked)
            throws IOException {
        var through = upstream.filter(_ -> Upstream.takes(order.origin().addresses()));
        var wanted = through.isEmpty() ? order : order.by(way(through.orElseThrow()));
        return TokenProxy.start(wanted, walls, tokens, notes, leaked);
    }

    private TokenOrder.Way way(UpstreamProxy proxy) throws IOException {
        return new TokenOrder.Way(
                Upstream.reached(proxy, lookUps.ofOne(), TokenLimits.STANDARD.connect()),
                proxy.port(),
                proxy.authorization().map(Secret::new));
    }
}
