package airlock.agent;

import static airlock.agent.AgentFixture.session;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Frame;
import airlock.uplink.GuestStream;
import airlock.uplink.TestGuest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How much an agent does, and for how long.
@Timeout(60)
class AgentLimitsTest {
    private final AgentFixture with = new AgentFixture();

    @Test
    void whenThePhaseIsOverNothingIsSignedAlsoOnStreamsThatAreOpen() throws Exception {
        var agent = with.agent();
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.upload, session(1))).isTrue();
            assertThat(client.signs(with.key(), with.login(1))).isPresent();

            agent.close();

            assertThat(client.signs(with.key(), with.login(1))).isEmpty();
            assertThat(with.last()).isEqualTo("signature refused: the phase is over");
            assertThat(client.isSuccess(Messages.identities())).isFalse();
        }
        assertThat(agent.signatures()).isEqualTo(1);
    }

    @Test
    void whoSignsWhileThePhaseEndsGetsNothingAfterwards() throws Exception {
        var agent = with.agent(Integer.MAX_VALUE);
        var begun = new CountDownLatch(8);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int session = i;
                clients.add(threads.submit(() -> signs(agent, session, begun)));
            }
            begun.await();

            agent.close();

            int atTheEnd = agent.signatures();
            int had = 0;
            for (var client : clients) {
                had += client.get();
            }
            assertThat(agent.signatures()).isEqualTo(atTheEnd).isEqualTo(had);
        }
    }

    /// Signs until the agent refuses; returns the number of signatures.
    private int signs(PhaseAgent agent, int session, CountDownLatch begun)
            throws InterruptedException {
        int signed = 0;
        try (var client = new AgentClient(agent)) {
            assertThat(client.binds(with.upload, session(session))).isTrue();
            while (client.signs(with.key(), with.login(session)).isPresent()) {
                signed++;
                begun.countDown();
            }
        }
        return signed;
    }

    @Test
    void oneSignatureMoreThanThePhaseMayHaveIsRefusedOnWhicheverStream() throws Exception {
        var agent = with.agent();
        int streams = 20;
        int signed = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                int session = i;
                all.add(
                        threads.submit(
                                () -> {
                                    try (var client = new AgentClient(agent)) {
                                        client.binds(with.upload, session(session));
                                        return client.signs(with.key(), with.login(session))
                                                .isPresent();
                                    }
                                }));
            }
            for (var one : all) {
                signed += one.get() ? 1 : 0;
            }
        }
        assertThat(signed).isEqualTo(AgentFixture.MOST).isEqualTo(agent.signatures());
        assertThat(with.log).hasSize(streams);
        assertThat(with.log.get(AgentFixture.MOST - 1)).endsWith(", 5 of 5");
        assertThat(with.last())
                .isEqualTo(
                        "signature refused: user ci at upload.example would be one more than the 5"
                                + " of a phase (signatures of repositories[].secrets.deploy)");
    }

    @Test
    void thousandsOfRequestsAreAnsweredUpToALimitAndToldUpToASmallerOne() throws Exception {
        var agent = with.agent();
        byte[] unbound = Messages.sign(with.key(), with.login(1));
        try (var client = new AgentClient(agent)) {
            for (int i = 0; i < PhaseAgent.MOST_MESSAGES; i++) {
                assertThat(client.isSuccess(unbound)).isFalse();
            }
            assertThat(client.asks(unbound)).isEmpty();
            assertThat(client.wasReset()).isTrue();
        }
        assertThat(with.log).hasSize(PhaseAgent.MOST_REFUSALS + 1);
        assertThat(with.last()).isEqualTo("further refusals in this phase are not logged");
        try (var client = new AgentClient(agent)) {
            assertThat(client.asks(unbound)).isEmpty();
        }
        assertThat(agent.signatures()).isZero();
    }

    @Test
    void aPhaseHasAThousandStreams() throws Exception {
        var agent = with.agent();
        for (int i = 0; i < PhaseAgent.MOST_STREAMS; i++) {
            var stream = new GuestStream();
            stream.end();
            agent.serve(stream.host());
            assertThat(stream.wasReset()).isFalse();
        }
        assertThat(with.log).isEmpty();
        try (var client = new AgentClient(agent)) {
            assertThat(client.hears()).isEmpty();
            assertThat(client.wasReset()).isTrue();
        }
        assertThat(with.last())
                .isEqualTo("agent stream refused: limit of 1,000 streams per phase reached");
    }

    @Test
    void aLengthThatNoMessageHasEndsTheStream() throws Exception {
        for (int length : new int[] {0, Conversation.MOST + 1, Integer.MAX_VALUE, -1}) {
            try (var client = new AgentClient(with.agent())) {
                client.says(new SshOutput().number(length).bytes());
                assertThat(client.hears()).isEmpty();
                assertThat(client.wasReset()).isTrue();
            }
            assertThat(with.last()).startsWith("agent stream refused: a message of ");
        }
    }

    @Test
    void theLongestMessageInPiecesIsAnsweredAndTheNextOneToo() throws Exception {
        try (var client = new AgentClient(with.agent())) {
            byte[] longest = Messages.framed(new byte[Conversation.MOST]);
            for (int i = 0; i < 5; i++) { // more than a window
                client.says(longest);
                assertThat(client.hears()).contains(new byte[] {Answers.FAILURE});
            }
            for (byte each : Messages.framed(Messages.identities())) {
                client.says(new byte[] {each});
            }
            assertThat(client.hears().orElseThrow()[0]).isEqualTo((byte) Answers.IDENTITIES);
        }
    }

    @Test
    void whatEndsInTheMiddleOfAMessageIsOver() throws Exception {
        var stream = new GuestStream();
        stream.say(new byte[] {0, 0, 0, 5, Request.SIGN});
        stream.end();
        with.agent().serve(stream.host());
        assertThat(stream.hear()).isEmpty();
        assertThat(with.log).isEmpty();
    }

    @Test
    void streamsOfAnUplinkAreServed() throws Exception {
        var agent = with.agent();
        try (var guest = TestGuest.greeted(offer -> agent.serve(offer.accept()))) {
            byte[] asks = Messages.framed(Messages.identities());
            guest.say(
                    new Frame.Open(1, Frame.Kind.AGENT, ""),
                    new Frame.Data(1, asks),
                    new Frame.End(1));
            assertThat(guest.hears()).isEqualTo(new Frame.Opened(1));
            var answer = (Frame.Data) guest.hears();
            assertThat(answer.bytes()[Integer.BYTES]).isEqualTo((byte) Answers.IDENTITIES);
            assertThat(guest.hears()).isEqualTo(new Frame.End(1));
        }
    }
}
