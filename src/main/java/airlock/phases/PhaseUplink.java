package airlock.phases;

import airlock.config.KnownHost;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.config.ProxyToken;
import airlock.egress.Connection;
import airlock.egress.OtherStreams;
import airlock.egress.WayOut;
import airlock.plan.GuestNetwork;
import airlock.results.PlaceUse;
import airlock.vm.PortServer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The network of one phase's VM: what its programs are told that there is, who serves it, and
/// what came of it. Most have none.
final class PhaseUplink {
    private final PhaseNetwork network;
    private final Way way;
    private final Consumer<String> notes;
    private final String key;
    private final ConnectionTable table = new ConnectionTable();
    private volatile boolean over;

    /// Lets out ([PhaseParts.WaysOut#open]).
    @FunctionalInterface
    interface Way {
        WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told);
    }

    /// @param key of the configuration, where a line of the list belongs
    /// @param notes lines for the run's log
    PhaseUplink(PhaseNetwork network, String key, Way way, Consumer<String> notes) {
        this.network = network;
        this.key = key;
        this.way = way;
        this.notes = notes;
    }

    /// What the guest is told of it; empty where there is nothing to connect to.
    static Optional<GuestNetwork> guest(PhaseNetwork network, PhaseSecrets secrets) {
        return isNothing(network, secrets)
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

    private static boolean isNothing(PhaseNetwork network, PhaseSecrets secrets) {
        return network.isNothing() && secrets.agent().isEmpty() && secrets.tokens().isEmpty();
    }

    /// Who serves the port; empty where nobody does.
    ///
    /// @param others serves the streams that are no connections
    Optional<PortServer> server(PhaseSecrets secrets, OtherStreams others) {
        return way(secrets, others).map(out -> out::serve);
    }

    /// The same where a person may come when the phase has failed.
    ShellPort serverForPerson(PhaseSecrets secrets, OtherStreams others) {
        return new ShellPort(way(secrets, others));
    }

    private Optional<WayOut> way(PhaseSecrets secrets, OtherStreams others) {
        if (isNothing(network, secrets)) {
            return Optional.empty();
        }
        WayOut out = way.open(network, others, this::told);
        out.remark().ifPresent(notes);
        return Optional.of(out);
    }

    /// The phase is over although its VM stays: what ends now has no place in its log.
    void end() {
        over = true;
    }

    /// What its VM connected to.
    List<PlaceUse> rows() {
        return table.rows();
    }

    /// One is over.
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
