package airlock.phases;

import airlock.agent.PhaseAgent;
import airlock.config.PhaseNetwork;
import airlock.config.ProxyToken;
import airlock.egress.Connection;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.WayOut.OtherStreams;
import airlock.phases.OpenedSecrets.HeldToken;
import airlock.token.TokenLimits;
import airlock.token.TokenOrder;
import airlock.token.TokenProxy;
import airlock.uplink.Offer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Serves an SSH agent and the use of tokens to one phase's VM.
final class PhaseStreams implements OtherStreams, AutoCloseable {
    private final Optional<PhaseAgent> agent;
    private final Map<String, TokenProxy> tokens = new HashMap<>();
    private final Consumer<String> notes;
    private final Consumer<Connection> told;
    private volatile Optional<String> leak = Optional.empty();

    /// @param notes gets lines for the run's log
    /// @param told gets each stream of requests once
    PhaseStreams(
            OpenedSecrets secrets,
            PhaseNetwork network,
            Consumer<String> notes,
            Consumer<Connection> told) {
        this.notes = notes;
        this.told = told;
        var keys =
                secrets.agent().stream()
                        .map(key -> key.forAgent(network.knownHosts(), notes))
                        .toList();
        this.agent = keys.isEmpty() ? Optional.empty() : Optional.of(new PhaseAgent(keys, notes));
    }

    /// Starts a process for each token; [#close] ends them.
    ///
    /// @return why a token can't be used; empty if all can
    Optional<String> start(List<HeldToken> held, PhaseNetwork network, HostWays waysOut)
            throws IOException {
        for (HeldToken each : held) {
            switch (waysOut.check(network, each.token())) {
                case Decision.Refuse(var why, _) -> {
                    return Optional.of(
                            "the token '%s' can't be used: %s %s"
                                    .formatted(each.token().name(), each.token().place(), why));
                }
                case Decision.Let(var addresses, _) ->
                        tokens.put(
                                each.token().name(),
                                waysOut.start(
                                        order(each, addresses),
                                        notes,
                                        why -> leak = Optional.of(why)));
            }
        }
        return Optional.empty();
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
        told.accept(served.serve(offer.accept(), carries));
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
}
