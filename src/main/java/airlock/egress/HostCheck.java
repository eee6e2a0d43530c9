package airlock.egress;

import airlock.config.AllowList;
import airlock.config.AllowedHost;
import airlock.config.HostName;
import airlock.config.PhaseNetwork;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks up and checks a host that the operator has named for the host itself to connect to, by the
/// rules of connections: only an address that the list names may be one that is not public.
public final class HostCheck {
    private final PhaseNetwork network;
    private final Resolver resolver;
    private final OwnPlaces own;
    private final boolean leavesNames;

    /// @param network whose list may name the host's address
    /// @param leavesNames whether names are left to an upstream proxy to be looked up
    public HostCheck(PhaseNetwork network, Resolver resolver, OwnPlaces own, boolean leavesNames) {
        this.network = network;
        this.resolver = resolver;
        this.own = own;
        this.leavesNames = leavesNames;
    }

    /// What came of it.
    public sealed interface Answer {
        /// It may be connected to, at these addresses and no others; where there are none, by an
        /// upstream proxy that looks its name up.
        record Checked(List<InetAddress> addresses) implements Answer {
            public Checked {
                addresses = List.copyOf(addresses);
            }
        }

        /// It may not.
        ///
        /// @param why for people: what follows the place
        record Refused(String why) implements Answer {}
    }

    /// Looks it up now.
    public Answer check(HostName host, int port) {
        var entries = new ArrayList<>(network.allow().hosts());
        if (network.allow().letting(host, port).isEmpty()) {
            entries.add(new AllowedHost(host, false, port, Optional.empty(), false));
        }
        var named =
                new PhaseNetwork(
                        PhaseNetwork.Mode.ENFORCE,
                        new AllowList(entries),
                        network.caps(),
                        network.knownHosts());
        return switch (new Gatekeeper(named, resolver, own, leavesNames)
                .decide(new Destination(host, port))) {
            case Gatekeeper.Decision.Let let -> new Answer.Checked(let.addresses());
            case Gatekeeper.Decision.Refuse(var why, _) -> new Answer.Refused(why);
        };
    }
}
