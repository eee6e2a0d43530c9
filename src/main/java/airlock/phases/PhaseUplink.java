package airlock.phases;

import airlock.agent.PhaseAgent;
import airlock.config.KnownHost;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.config.ProxyToken;
import airlock.egress.Connection;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.WayOut;
import airlock.egress.WayOut.OtherStreams;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.phases.OpenedSecrets.HeldToken;
import airlock.phases.OpenedSecrets.MissingSecretException;
import airlock.plan.GuestNetwork;
import airlock.results.PhaseView.PlaceUse;
import airlock.token.TokenOrder;
import airlock.token.TokenOrder.TokenLimits;
import airlock.token.TokenProxy;
import airlock.uplink.Uplink.Offer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// The network of one phase's VM: the settings for its programs, the server of its port with an SSH
/// agent and the use of tokens, and the list of its connections. The plan phase has none, nor has a
/// run from outside without a list. Any other phase with an empty list has one that refuses every
/// connection, so that its log says which entry would have allowed it.
final class PhaseUplink implements OtherStreams, AutoCloseable {
    private final boolean served;
    private final PhaseNetwork network;
    private final Way way;
    private final Consumer<String> notes;
    private final String key;
    private final Optional<PhaseAgent> agent;
    private final Map<String, TokenProxy> tokens = new HashMap<>();
    private final ConnectionTable table = new ConnectionTable();
    private volatile Optional<String> leak = Optional.empty();
    private volatile boolean over;

    @FunctionalInterface
    interface Way {
        WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told);
    }

    /// @param served whether it has a network ([#isServed])
    PhaseUplink(
            boolean served,
            PhaseNetwork network,
            String key,
            OpenedSecrets secrets,
            Way way,
            Consumer<String> notes) {
        this.served = served;
        this.network = network;
        this.key = key;
        this.way = way;
        this.notes = notes;
        var keys =
                secrets.agent().stream()
                        .map(held -> held.forAgent(network.knownHosts(), notes))
                        .toList();
        this.agent = keys.isEmpty() ? Optional.empty() : Optional.of(new PhaseAgent(keys, notes));
    }

    static boolean isServed(PhaseOrder order) {
        var secrets = order.secrets();
        boolean hasNothing =
                order.network().isNothing()
                        && secrets.agent().isEmpty()
                        && secrets.tokens().isEmpty();
        return order.phase() != Phase.PLAN && !(hasNothing && order.trust() == TrustClass.OUTSIDE);
    }

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
    Optional<WayOut> way() {
        if (!served) {
            return Optional.empty();
        }
        WayOut out = way.open(network, this, this::told);
        out.remark().ifPresent(notes);
        return Optional.of(out);
    }

    /// Starts a process for each token; [#close] ends them.
    ///
    /// @throws MissingSecretException if a token can't be used
    void start(List<HeldToken> held, HostWays waysOut) throws IOException {
        for (HeldToken each : held) {
            switch (waysOut.check(network, each.token())) {
                case Decision.Refuse(var why, _) ->
                        throw new MissingSecretException(
                                "the token '%s' can't be used: %s %s"
                                        .formatted(each.token().name(), each.token().place(), why));
                case Decision.Let(var addresses, _) ->
                        tokens.put(
                                each.token().name(),
                                waysOut.start(
                                        order(each, addresses),
                                        notes,
                                        why -> leak = Optional.of(why)));
            }
        }
    }

    private static TokenOrder order(HeldToken held, List<InetAddress> addresses)
            throws IOException {
        ProxyToken token = held.token();
        return new TokenOrder(
                token.name(),
                new TokenOrder.Origin(
                        token.host(),
                        token.port(),
                        addresses,
                        Optional.empty(),
                        authorities(token.ca())),
                token.path(),
                new TokenOrder.Credential(token.header(), held.header()),
                token.methods(),
                TokenLimits.STANDARD);
    }

    private static String authorities(Optional<Path> file) throws IOException {
        return file.isPresent() ? Files.readString(file.orElseThrow()) : "";
    }

    /// Why the phase has to end, if a server has sent a token back.
    Optional<String> leak() {
        return leak;
    }

    @Override
    public boolean serve(Offer offer, IntFunction<Optional<String>> carries)
            throws InterruptedException {
        return switch (offer.kind()) {
            case AGENT -> agent(offer);
            case HTTP_TOKEN -> token(offer, carries);
            case CONNECT, PTY -> false;
        };
    }

    private boolean agent(Offer offer) throws InterruptedException {
        if (agent.isEmpty() || !offer.target().isEmpty()) {
            return false;
        }
        agent.orElseThrow().serve(offer.accept());
        return true;
    }

    private boolean token(Offer offer, IntFunction<Optional<String>> carries)
            throws InterruptedException {
        var served = tokens.get(offer.target());
        if (served == null) {
            return false;
        }
        told(served.serve(offer.accept(), carries));
        return true;
    }

    /// Ends all use of keys and tokens before it returns. Notes the number of signatures.
    @Override
    public void close() {
        tokens.values().forEach(TokenProxy::close);
        agent.ifPresent(
                it -> {
                    it.close();
                    notes.accept(
                            "agent: %d signature%s"
                                    .formatted(it.signatures(), it.signatures() == 1 ? "" : "s"));
                });
    }

    /// The phase is over although its VM stays: later connections are not logged.
    void end() {
        over = true;
    }

    List<PlaceUse> rows() {
        return table.rows();
    }

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

    /// Counts the connections of a phase's VM, refused ones too, by place. A guest may name any
    /// number of places; those beyond [#MOST_PLACES] share a row.
    static final class ConnectionTable {
        static final int MOST_PLACES = 500;

        /// Limits the reports: a guest can cause a new reason for each connection, such as the name
        /// in its TLS hello.
        static final int MOST_TOLD = 1_000;

        static final String OTHERS = "other places";

        private final Map<String, PlaceUse> rows = new LinkedHashMap<>();
        private int told;

        /// Counts a finished one.
        ///
        /// @return whether to report it: it was refused for another reason than the last refused
        ///     one to its place, and fewer than [#MOST_TOLD] were reported
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

        synchronized List<PlaceUse> rows() {
            return List.copyOf(rows.values());
        }
    }
}
