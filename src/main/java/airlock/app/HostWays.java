package airlock.app;

import airlock.config.UpstreamProxy;
import airlock.egress.LookUps;
import airlock.egress.OwnPlaces;
import airlock.egress.SystemResolver;
import airlock.egress.WayOut;
import airlock.phases.PhaseParts;
import java.util.Optional;
import java.util.Set;

/// Ways out of VMs over this machine's own network.
final class HostWays {
    private HostWays() {}

    /// @param ports on which Airlock itself listens, where no VM may go
    static PhaseParts.WaysOut except(Set<Integer> ports) {
        return except(ports, Optional.empty());
    }

    /// @param upstream the proxy through which to connect; empty where this machine can by itself
    static PhaseParts.WaysOut except(Set<Integer> ports, Optional<UpstreamProxy> upstream) {
        var own = OwnPlaces.ofThisMachine(ports);
        var lookUps = new LookUps(new SystemResolver());
        return (network, told) -> new WayOut(network, lookUps.ofOne(), own, upstream, told);
    }
}
