package airlock.phases;

import airlock.config.KnownHost;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.config.ProxyToken;
import airlock.egress.Connection;
import airlock.egress.WayOut;
import airlock.egress.WayOut.OtherStreams;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.plan.GuestNetwork;
import airlock.results.PlaceUse;
import airlock.vm.VmSpec.PortServer;
import java.util.List;
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
    Optional<PortServer> server(OtherStreams others) {
        return way(others).map(out -> out::serve);
    }

    /// The server of the port if a person may enter the VM when the phase has failed.
    ShellPort serverForPerson(OtherStreams others) {
        return new ShellPort(way(others));
    }

    private Optional<WayOut> way(OtherStreams others) {
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
}
