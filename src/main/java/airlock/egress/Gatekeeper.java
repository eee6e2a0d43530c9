package airlock.egress;

import airlock.config.AllowList;
import airlock.config.AllowedHost;
import airlock.config.HostName;
import airlock.config.PhaseNetwork;
import airlock.egress.LookUps.Resolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides whether a guest may connect to a destination. A name that is not listed is not looked
/// up, since it could carry data to a name server.
public final class Gatekeeper {
    private final PhaseNetwork network;
    private final Resolver resolver;
    private final OwnPlaces own;
    private final boolean leavesNames;

    /// @param leavesNames whether an upstream proxy looks up the names that are listed
    public Gatekeeper(PhaseNetwork network, Resolver resolver, OwnPlaces own, boolean leavesNames) {
        this.network = network;
        this.resolver = resolver;
        this.own = own;
        this.leavesNames = leavesNames;
    }

    /// The answer for one destination.
    public sealed interface Decision {
        /// Allowed.
        ///
        /// @param addresses the only ones to connect to, even if the name means others later; empty
        ///     if an upstream proxy looks the name up
        /// @param encryptedHello whether its TLS client may hide which server it wants
        record Let(List<InetAddress> addresses, boolean encryptedHello) implements Decision {
            public Let {
                addresses = List.copyOf(addresses);
            }
        }

        /// Refused.
        ///
        /// @param why for people: the words behind the destination
        /// @param line of the allow-list that would allow it, if one would
        record Refuse(String why, Optional<String> line) implements Decision {}
    }

    /// Decides about a host that the operator named for another use, as if it were listed: only an
    /// address in the list may be one that is not public.
    public Decision decideNamed(HostName host, int port) {
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
        return new Gatekeeper(named, resolver, own, leavesNames)
                .decide(new Destination(host, port));
    }

    Decision decide(Destination destination) {
        var entry = network.allow().letting(destination.host(), destination.port());
        if (entry.isEmpty() && !letsOthers(destination)) {
            return new Decision.Refuse("is not on the list", Optional.of(destination.toString()));
        }
        boolean hides = entry.map(AllowedHost::encryptedHello).orElse(false);
        var pin = entry.flatMap(AllowedHost::address);
        if (pin.isPresent()) {
            return own.isAirlock(pin.get(), destination.port())
                    ? atAirlock(pin.get())
                    : new Decision.Let(List.of(pin.get()), hides);
        }
        // names that are not listed are looked up and checked here in any case
        return entry.isPresent() && leavesNames
                ? new Decision.Let(List.of(), hides)
                : resolved(destination, hides);
    }

    private boolean letsOthers(Destination destination) {
        return network.mode().letsOthers() && network.otherPorts().contains(destination.port());
    }

    private static Decision atAirlock(InetAddress address) {
        return new Decision.Refuse(
                "is at " + address.getHostAddress() + ", where Airlock itself listens",
                Optional.empty());
    }

    /// Refuses all addresses if one is not public, since a connection may take any of them.
    private Decision resolved(Destination destination, boolean hides) {
        List<InetAddress> addresses = resolver.addresses(destination.host());
        if (addresses.isEmpty()) {
            return new Decision.Refuse(
                    "has no address, or no name server answers", Optional.empty());
        }
        for (InetAddress address : addresses) {
            var kind = PublicAddresses.refusal(address);
            if (kind.isEmpty() && own.isOwn().test(address)) {
                kind = Optional.of("this machine's own");
            }
            if (kind.isPresent() && own.isAirlock(address, destination.port())) {
                return atAirlock(address);
            }
            if (kind.isPresent()) {
                String at = address.getHostAddress();
                return new Decision.Refuse(
                        "is at %s, which is %s".formatted(at, kind.get()),
                        Optional.of(destination + " = " + at));
            }
        }
        return new Decision.Let(addresses, hides);
    }
}
