package airlock.machine;

import airlock.config.PhaseNetwork;
import airlock.config.ProxyToken;
import airlock.config.UpstreamProxy;
import airlock.egress.Connection;
import airlock.egress.HostCheck;
import airlock.egress.LookUps;
import airlock.egress.OtherStreams;
import airlock.egress.OwnPlaces;
import airlock.egress.SystemResolver;
import airlock.egress.Upstream;
import airlock.egress.WayOut;
import airlock.event.Secret;
import airlock.phases.PhaseParts;
import airlock.token.TokenJvm;
import airlock.token.TokenLimits;
import airlock.token.TokenOrder;
import airlock.token.TokenProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Ways out of VMs over this machine's own network.
public final class HostWays implements PhaseParts.WaysOut {
    private final OwnPlaces own;
    private final LookUps lookUps = new LookUps(new SystemResolver());
    private final Optional<UpstreamProxy> upstream;
    private final TokenJvm jvm;
    private final Path tokens;

    /// @param ports on which Airlock itself listens, where no VM may go
    /// @param upstream the proxy through which to connect; empty where this machine can by itself
    /// @param walls what processes with tokens are started in
    /// @param tokens where those have their homes; what a killed server left there is removed
    public HostWays(
            Set<Integer> ports,
            Optional<UpstreamProxy> upstream,
            TokenJvm.Walls walls,
            Path tokens) {
        this.own = OwnPlaces.ofThisMachine(ports);
        this.upstream = upstream;
        this.jvm = TokenJvm.likeThisOne(walls);
        this.tokens = tokens;
        TokenProxy.removeLeft(tokens);
    }

    @Override
    public WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told) {
        return new WayOut(network, lookUps.ofOne(), own, upstream, others, told);
    }

    @Override
    public HostCheck.Answer check(PhaseNetwork network, ProxyToken token) {
        boolean leavesNames = upstream.filter(UpstreamProxy::resolves).isPresent();
        return new HostCheck(network, lookUps.ofOne(), own, leavesNames)
                .check(token.host(), token.port());
    }

    @Override
    public TokenProxy start(TokenOrder order, TokenProxy.Listener listener) throws IOException {
        var through = upstream.filter(_ -> Upstream.takes(order.origin().addresses()));
        var wanted = through.isEmpty() ? order : order.by(way(through.orElseThrow()));
        return TokenProxy.start(wanted, jvm, tokens, listener);
    }

    private TokenOrder.Way way(UpstreamProxy proxy) throws IOException {
        return new TokenOrder.Way(
                Upstream.reached(proxy, lookUps.ofOne(), TokenLimits.STANDARD.connect()),
                proxy.port(),
                proxy.authorization().map(Secret::new));
    }
}
