package airlock.app;

import airlock.egress.OwnPlaces;
import airlock.egress.SystemResolver;
import airlock.egress.WayOut;
import airlock.phases.PhaseParts;
import java.util.Set;

/// Ways out of VMs over this machine's own network.
final class HostWays {
    private HostWays() {}

    /// @param ports on which Airlock itself listens, where no VM may go
    static PhaseParts.WaysOut except(Set<Integer> ports) {
        var own = OwnPlaces.ofThisMachine(ports);
        return (network, told) -> new WayOut(network, new SystemResolver(), own, told);
    }
}
