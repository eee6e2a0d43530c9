package airlock.egress;

import airlock.egress.Connection.Refusal;
import airlock.egress.Gatekeeper.Decision;
import airlock.uplink.Offer;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Serves the streams by which a guest connects to hosts: each is decided, dialled, watched where
/// it must be TLS, and told when it is over.
final class ConnectServer {
    private final Gatekeeper gatekeeper;
    private final Dialer dialer;
    private final Set<Integer> tlsPorts;
    private final Consumer<Connection> told;

    /// @param tlsPorts on which nothing but TLS is let through
    /// @param told hears of each connection once, from any thread
    ConnectServer(
            Gatekeeper gatekeeper,
            Dialer dialer,
            Set<Integer> tlsPorts,
            Consumer<Connection> told) {
        this.gatekeeper = gatekeeper;
        this.dialer = dialer;
        this.tlsPorts = Set.copyOf(tlsPorts);
        this.told = told;
    }

    /// Serves one to its end.
    void serve(Offer offer) throws InterruptedException {
        switch (Destination.read(offer.target())) {
            case Destination.Reading.Refused(var why) ->
                    refuse(offer, new Refusal(why, Optional.empty()));
            case Destination.Reading.Read(var destination) -> {
                switch (gatekeeper.decide(destination)) {
                    case Decision.Refuse(var why, var line) ->
                            refuse(offer, new Refusal(why, line));
                    case Decision.Let let -> connect(offer, destination, let);
                }
            }
        }
    }

    private void refuse(Offer offer, Refusal refusal) {
        offer.refuse(offer.target() + " " + refusal.why());
        told.accept(new Connection(offer.target(), Optional.empty(), 0, 0, Optional.of(refusal)));
    }

    private void connect(Offer offer, Destination destination, Decision.Let let)
            throws InterruptedException {
        Socket socket;
        try {
            socket = dialer.dial(let.addresses(), destination.port());
        } catch (IOException e) {
            refuse(offer, new Refusal("can't be reached: " + e.getMessage(), Optional.empty()));
            return;
        }
        var watch =
                tlsPorts.contains(destination.port())
                        ? Optional.of(new HelloWatch(destination.host(), false))
                        : Optional.<HelloWatch>empty();
        var splice = new Splice(offer.accept(), socket, watch);
        try {
            splice.run();
        } finally {
            // also of one that the end of its VM interrupts
            told.accept(
                    new Connection(
                            destination.toString(),
                            Optional.of(socket.getInetAddress()),
                            splice.sent(),
                            splice.received(),
                            splice.refusal().map(ConnectServer::ended)));
        }
    }

    private static Refusal ended(String why) {
        return new Refusal("was ended: the client " + why, Optional.empty());
    }
}
