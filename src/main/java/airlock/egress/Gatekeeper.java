package airlock.egress;

import airlock.config.AllowedHost;
import airlock.config.PhaseNetwork;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Decides whether a guest may connect to somewhere. A name that is not listed is not even looked
/// up: whoever is asked would hear it, and a name can carry anything.
final class Gatekeeper {
    private final PhaseNetwork network;
    private final Resolver resolver;
    private final OwnPlaces own;
    private final boolean leavesNames;

    /// @param leavesNames whether listed names are left to an upstream proxy to be looked up
    Gatekeeper(PhaseNetwork network, Resolver resolver, OwnPlaces own, boolean leavesNames) {
        this.network = network;
        this.resolver = resolver;
        this.own = own;
        this.leavesNames = leavesNames;
    }

    /// What is decided.
    sealed interface Decision {
        /// It may.
        ///
        /// @param addresses where to connect to, and nowhere else, whatever the name means by then;
        ///     empty where an upstream proxy looks the name up
        /// @param encryptedHello whether its TLS client may hide which server it wants
        record Let(List<InetAddress> addresses, boolean encryptedHello) implements Decision {
            public Let {
                addresses = List.copyOf(addresses);
            }
        }

        /// It may not.
        ///
        /// @param why for people: what follows the destination
        /// @param line of the allow-list that would let it; empty where none would
        record Refuse(String why, Optional<String> line) implements Decision {}
    }

    Decision decide(Destination destination) {
        var entry = network.allow().letting(destination.host(), destination.port());
        if (entry.isEmpty() && !letsOthers(destination)) {
            return new Decision.Refuse("is not on the list", Optional.of(destination.toString()));
        }
        boolean hides = entry.map(AllowedHost::encryptedHello).orElse(false);
        var pin = entry.flatMap(AllowedHost::address);
        if (pin.isPresent()) {
            return pinned(destination, pin.orElseThrow(), hides);
        }
        // what no list names is checked here, whoever else might look it up
        return entry.isPresent() && leavesNames
                ? new Decision.Let(List.of(), hides)
                : resolved(destination, hides);
    }

    private boolean letsOthers(Destination destination) {
        return network.mode().letsOthers() && network.otherPorts().contains(destination.port());
    }

    private Decision pinned(Destination destination, InetAddress address, boolean hides) {
        return own.isAirlock(address, destination.port())
                ? atAirlock(address)
                : new Decision.Let(List.of(address), hides);
    }

    private static Decision atAirlock(InetAddress address) {
        return new Decision.Refuse(
                "is at " + address.getHostAddress() + ", where Airlock itself listens",
                Optional.empty());
    }

    /// One address that is not public makes all of them suspect: which one a connection takes is
    /// chance.
    private Decision resolved(Destination destination, boolean hides) {
        List<InetAddress> addresses = resolver.addresses(destination.host());
        if (addresses.isEmpty()) {
            return new Decision.Refuse("has no address, or nobody answers", Optional.empty());
        }
        for (InetAddress address : addresses) {
            var kind = PublicAddresses.refusal(address);
            if (kind.isEmpty() && own.isOwn().test(address)) {
                kind = Optional.of("this machine's own");
            }
            if (kind.isPresent()) {
                return own.isAirlock(address, destination.port())
                        ? atAirlock(address)
                        : notPublic(destination, address, kind.orElseThrow());
            }
        }
        return new Decision.Let(addresses, hides);
    }

    private static Decision notPublic(Destination destination, InetAddress address, String kind) {
        String at = address.getHostAddress();
        return new Decision.Refuse(
                "is at %s, which is %s".formatted(at, kind), Optional.of(destination + " = " + at));
    }
}
