package airlock.egress;

import airlock.config.AllowList;
import airlock.config.AllowedHost;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Decides whether a guest may connect to somewhere. A name that is not listed is not even looked
/// up: whoever is asked would hear it, and a name can carry anything.
final class Gatekeeper {
    private final AllowList list;
    private final Resolver resolver;
    private final OwnPlaces own;

    Gatekeeper(AllowList list, Resolver resolver, OwnPlaces own) {
        this.list = list;
        this.resolver = resolver;
        this.own = own;
    }

    /// What is decided.
    sealed interface Decision {
        /// It may.
        ///
        /// @param entry that lets it
        /// @param addresses where to connect to, and nowhere else, whatever the name means by then
        record Let(AllowedHost entry, List<InetAddress> addresses) implements Decision {
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
        var entry = list.letting(destination.host(), destination.port());
        if (entry.isEmpty()) {
            return new Decision.Refuse("is not on the list", Optional.of(destination.toString()));
        }
        return entry.orElseThrow()
                .address()
                .map(pin -> pinned(destination, entry.orElseThrow(), pin))
                .orElseGet(() -> resolved(destination, entry.orElseThrow()));
    }

    private Decision pinned(Destination destination, AllowedHost entry, InetAddress address) {
        return own.isAirlock(address, destination.port())
                ? atAirlock(address)
                : new Decision.Let(entry, List.of(address));
    }

    private static Decision atAirlock(InetAddress address) {
        return new Decision.Refuse(
                "is at " + address.getHostAddress() + ", where Airlock itself listens",
                Optional.empty());
    }

    /// One address that is not public makes all of them suspect: which one a connection takes is
    /// chance.
    private Decision resolved(Destination destination, AllowedHost entry) {
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
        return new Decision.Let(entry, addresses);
    }

    private static Decision notPublic(Destination destination, InetAddress address, String kind) {
        String at = address.getHostAddress();
        return new Decision.Refuse(
                "is at %s, which is %s".formatted(at, kind), Optional.of(destination + " = " + at));
    }
}
