package airlock.phases;

import airlock.config.KnownHost;
import airlock.config.PhaseNetwork;
import airlock.egress.Connection;
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
    private final PhaseParts.WaysOut waysOut;
    private final Consumer<String> notes;
    private final String key;
    private final ConnectionTable table = new ConnectionTable();

    /// @param key of the configuration, where a line of the list belongs
    /// @param notes lines for the run's log
    PhaseUplink(
            PhaseNetwork network, String key, PhaseParts.WaysOut waysOut, Consumer<String> notes) {
        this.network = network;
        this.key = key;
        this.waysOut = waysOut;
        this.notes = notes;
    }

    /// What the guest is told of it; empty where there is nothing to connect to.
    static Optional<GuestNetwork> guest(PhaseNetwork network) {
        return network.isNothing()
                ? Optional.empty()
                : Optional.of(
                        new GuestNetwork(
                                network.named(),
                                network.domains(),
                                network.mode().letsOthers(),
                                network.knownHosts().stream().map(KnownHost::line).toList()));
    }

    /// Who serves the port; empty where nobody does.
    Optional<PortServer> server() {
        if (network.isNothing()) {
            return Optional.empty();
        }
        WayOut out = waysOut.open(network, this::told);
        out.remark().ifPresent(notes);
        return Optional.of(out::serve);
    }

    /// What its VM connected to.
    List<PlaceUse> rows() {
        return table.rows();
    }

    private void told(Connection connection) {
        if (table.add(connection)) {
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
