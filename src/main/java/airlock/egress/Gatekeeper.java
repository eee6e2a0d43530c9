package airlock.egress;

import airlock.config.AllowList;
import airlock.config.AllowedHost;
import airlock.config.HostName;
import airlock.config.PhaseNetwork;
import airlock.egress.LookUps.Resolver;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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

    /// The machine on which Airlock runs, which no guest may reach.
    ///
    /// @param isOwn whether an address belongs to this machine
    /// @param ports on which Airlock itself listens
    public record OwnPlaces(Predicate<InetAddress> isOwn, Set<Integer> ports) {
        public OwnPlaces {
            ports = Set.copyOf(ports);
        }

        /// Looks at the interfaces for each question, since addresses come and go.
        ///
        /// @param ports on which Airlock itself listens
        public static OwnPlaces ofThisMachine(Set<Integer> ports) {
            return new OwnPlaces(OwnPlaces::isHere, ports);
        }

        private static boolean isHere(InetAddress address) {
            try {
                return NetworkInterface.getByInetAddress(address) != null;
            } catch (SocketException _) {
                return true; // unknown: refuse rather than allow
            }
        }

        /// Whether Airlock itself listens there.
        boolean isAirlock(InetAddress address, int port) {
            return ports.contains(port) && (isOwn.test(address) || address.isLoopbackAddress());
        }
    }

    /// The place that a guest wants to connect to.
    ///
    /// @param port 1 to 65,535
    record Destination(HostName host, int port) {
        private static final int LAST_PORT = 65_535;

        sealed interface Reading {
            record Read(Destination destination) implements Reading {}

            /// Not a destination.
            ///
            /// @param why for people: the words behind the target
            record Refused(String why) implements Reading {}
        }

        /// Reads `HOST:PORT`. Refuses addresses, which no list has.
        static Reading read(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 0) {
                return new Reading.Refused("has no port");
            }
            String digits = text.substring(colon + 1);
            int port = digits.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(digits) : 0;
            if (port < 1 || port > LAST_PORT) {
                return new Reading.Refused("has no port from 1 to 65535");
            }
            return switch (HostName.read(text.substring(0, colon))) {
                case HostName.Reading.Named(var host) ->
                        new Reading.Read(new Destination(host, port));
                case HostName.Reading.Refused(var why) -> new Reading.Refused(why);
            };
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
