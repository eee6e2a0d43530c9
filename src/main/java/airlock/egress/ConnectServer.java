package airlock.egress;

import airlock.config.NetworkCaps;
import airlock.egress.Connection.Refusal;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.Gatekeeper.Destination;
import airlock.egress.HostDialer.ConnectAttempt;
import airlock.egress.WayOut.OtherStreams;
import airlock.uplink.Frame;
import airlock.uplink.Uplink.Offer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Serves the streams by which a guest connects to hosts: decides, dials, watches TLS ports, and
/// reports each connection at its end. Passes other streams to [OtherStreams].
final class ConnectServer {
    private final Gatekeeper gatekeeper;
    private final Dialer dialer;
    private final NetworkCaps caps;
    private final Duration hello;
    private final Spending spending;
    private final OtherStreams others;
    private final Consumer<Connection> told;

    /// @param hello how long a client on a TLS port may take to name its server
    /// @param caps for all connections together
    /// @param told gets each connection once, from any thread
    ConnectServer(
            Gatekeeper gatekeeper,
            Dialer dialer,
            Duration hello,
            NetworkCaps caps,
            OtherStreams others,
            Consumer<Connection> told) {
        this.gatekeeper = gatekeeper;
        this.dialer = dialer;
        this.hello = hello;
        this.caps = caps;
        this.spending = new Spending(caps);
        this.others = others;
        this.told = told;
    }

    /// Serves a stream to its end.
    void serve(Offer offer) throws InterruptedException {
        var tooMany = spending.connects();
        if (tooMany.isPresent()) {
            refuse(offer, new Refusal(tooMany.orElseThrow()));
        } else if (offer.kind() == Frame.Kind.CONNECT) {
            decide(offer);
        } else if (!others.serve(offer, spending::carries)) {
            refuse(offer, new Refusal("is of a kind that is not served here"));
        }
    }

    private void decide(Offer offer) throws InterruptedException {
        switch (Destination.read(offer.target())) {
            case Destination.Reading.Refused(var why) -> refuse(offer, new Refusal(why));
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
        var attempt = new ConnectAttempt();
        offer.whenGivenUp(attempt::giveUp);
        Dialer.Dialled dialled;
        try {
            dialled = dialer.dial(destination, let, attempt);
        } catch (IOException e) {
            String why = attempt.isOver() ? ConnectAttempt.GIVEN_UP : e.getMessage();
            refuse(offer, new Refusal("can't be reached: " + why));
            return;
        }
        var watch =
                Optional.of(new HelloWatch(destination.host(), let.encryptedHello()))
                        .filter(_ -> caps.tlsPorts().contains(destination.port()));
        var times = new Passage.Times(hello, caps.idle());
        var socket = Objects.requireNonNull(dialled.socket().getChannel());
        var passage = new Passage(offer.accept(), socket, watch, times, spending);
        try {
            passage.run();
        } finally {
            var splice = passage.splice();
            // also if the end of its VM interrupts it
            told.accept(
                    new Connection(
                            destination.toString(),
                            Optional.of(dialled.address()),
                            splice.sent(),
                            splice.received(),
                            splice.refusal().map(Refusal::new)));
        }
    }

    /// Connects to a destination that the gatekeeper allowed.
    @FunctionalInterface
    interface Dialer {
        /// Connects to the first address that answers.
        ///
        /// @throws IOException if it can't be reached, or the attempt is given up
        Dialled dial(Destination destination, Decision.Let let, ConnectAttempt attempt)
                throws IOException;

        /// A connection.
        ///
        /// @param socket made by a [ConnectAttempt], so it has a channel
        /// @param address the host's, or the upstream proxy's if that looked the name up
        record Dialled(Socket socket, InetAddress address) {}
    }

    /// Counts the connections and bytes of one phase against its caps.
    static final class Spending {
        private final NetworkCaps caps;
        private final AtomicLong connections = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();

        Spending(NetworkCaps caps) {
            this.caps = caps;
        }

        /// Counts a new connection; returns why it is refused, if it is.
        Optional<String> connects() {
            return connections.incrementAndGet() <= caps.connections()
                    ? Optional.empty()
                    : Optional.of(
                            "is one too many: %,d are a phase's most (network.connections)"
                                    .formatted(caps.connections()));
        }

        /// Counts bytes that were carried; returns why the connection has to end, if it has.
        Optional<String> carries(int more) {
            return bytes.addAndGet(more) <= caps.bytes()
                    ? Optional.empty()
                    : Optional.of(
                            "was ended: the phase has carried %,d bytes, its most (network.bytes)"
                                    .formatted(caps.bytes()));
        }
    }
}
