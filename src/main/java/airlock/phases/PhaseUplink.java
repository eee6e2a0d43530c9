package airlock.phases;

import airlock.config.KnownHost;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.config.ProxyToken;
import airlock.egress.Connection;
import airlock.egress.WayOut.OtherStreams;
import airlock.egress.WayOut;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.plan.GuestNetwork;
import airlock.results.PlaceUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The network of one phase's VM: the settings for its programs, the server of its port, and the
/// list of its connections. The plan phase has none, nor has a run from outside without a list. Any
/// other phase with an empty list has one that refuses every connection, so that its log says which
/// entry would have allowed it.
final class PhaseUplink {
    private final boolean served;
    private final PhaseNetwork network;
    private final Way way;
    private final Consumer<String> notes;
    private final String key;
    private final ConnectionTable table = new ConnectionTable();
    private volatile boolean over;

    /// See [HostWays#open].
    @FunctionalInterface
    interface Way {
        WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told);
    }

    /// @param served whether it has a network ([#isServed])
    /// @param key of the list in the configuration
    /// @param notes gets lines for the run's log
    PhaseUplink(boolean served, PhaseNetwork network, String key, Way way, Consumer<String> notes) {
        this.served = served;
        this.network = network;
        this.key = key;
        this.way = way;
        this.notes = notes;
    }

    /// Whether a phase has a network.
    static boolean isServed(PhaseOrder order) {
        var secrets = order.secrets();
        boolean hasNothing =
                order.network().isNothing()
                        && secrets.agent().isEmpty()
                        && secrets.tokens().isEmpty();
        return order.phase() != Phase.PLAN && !(hasNothing && order.trust() == TrustClass.OUTSIDE);
    }

    /// The part of the network settings that the guest gets.
    static Optional<GuestNetwork> guest(
            boolean served, PhaseNetwork network, PhaseSecrets secrets) {
        return !served
                ? Optional.empty()
                : Optional.of(
                        new GuestNetwork(
                                network.named(),
                                network.domains(),
                                network.mode().letsOthers(),
                                network.knownHosts().stream().map(KnownHost::line).toList(),
                                secrets.tokens().stream().map(ProxyToken::name).toList(),
                                !secrets.agent().isEmpty()));
    }

    /// The server of the port, if the phase has a network.
    ///
    /// @param others serves the streams that are not connections to hosts
    Optional<WayOut> way(OtherStreams others) {
        if (!served) {
            return Optional.empty();
        }
        WayOut out = way.open(network, others, this::told);
        out.remark().ifPresent(notes);
        return Optional.of(out);
    }

    /// The phase is over although its VM stays: later connections are not logged.
    void end() {
        over = true;
    }

    /// The connections of its VM, by place.
    List<PlaceUse> rows() {
        return table.rows();
    }

    /// Counts a finished connection, and logs a refused one.
    void told(Connection connection) {
        if (table.add(connection) && !over) {
            connection.refusal().ifPresent(refusal -> notes.accept(words(connection, refusal)));
        }
    }

    private String words(Connection connection, Connection.Refusal refusal) {
        return "connection refused: %s %s%s"
                .formatted(
                        connection.target(),
                        refusal.why(),
                        refusal.line()
                                .map(line -> "; `%s` in %s would allow it".formatted(line, key))
                                .orElse(""));
    }

    /// Counts the connections of a phase's VM, refused ones too, by place. A guest may name any number
    /// of places; those beyond [#MOST_PLACES] share a row.
    static final class ConnectionTable {
        static final int MOST_PLACES = 500;

        /// Limits the reports: a guest can cause a new reason for each connection, such as the name in
        /// its TLS hello.
        static final int MOST_TOLD = 1_000;

        static final String OTHERS = "other places";

        private final Map<String, PlaceUse> rows = new LinkedHashMap<>();
        private int told;

        /// Counts a finished one.
        ///
        /// @return whether to report it: it was refused for another reason than the last refused one to
        ///     its place, and fewer than [#MOST_TOLD] were reported
        synchronized boolean add(Connection connection) {
            boolean known = rows.containsKey(connection.target()) || rows.size() < MOST_PLACES;
            String place = known ? connection.target() : OTHERS;
            PlaceUse before = rows.getOrDefault(place, new PlaceUse(place, 0, 0, 0, 0, ""));
            PlaceUse after = plus(before, connection);
            rows.put(place, after);
            boolean isNews =
                    told < MOST_TOLD
                            && after.refused() > before.refused()
                            && !after.reason().equals(before.reason());
            told += isNews ? 1 : 0;
            return isNews;
        }

        private static PlaceUse plus(PlaceUse row, Connection connection) {
            var refusal = connection.refusal();
            return new PlaceUse(
                    row.place(),
                    row.connections() + (connection.address().isPresent() ? 1 : 0),
                    row.sent() + connection.sent(),
                    row.received() + connection.received(),
                    row.refused() + (refusal.isPresent() ? 1 : 0),
                    refusal.map(Connection.Refusal::why).orElse(row.reason()));
        }

        /// In the order in which places were first named.
        synchronized List<PlaceUse> rows() {
            return List.copyOf(rows.values());
        }
    }
}
