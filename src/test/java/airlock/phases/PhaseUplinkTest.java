package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.config.UpstreamProxy;
import airlock.egress.Connection;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.WayOut;
import airlock.egress.WayOut.OtherStreams;
import airlock.plan.GuestNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PhaseUplinkTest {
    private static final byte[] HELLO = {1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    private static final int MOST_TEXT = 512;
    private static final OpenedSecrets NO_SECRETS =
            new OpenedSecrets(List.of(), List.of(), List.of());

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private Optional<UpstreamProxy> upstream = Optional.empty();

    private WayOut way(PhaseNetwork network, OtherStreams others, Consumer<Connection> told) {
        var own = new OwnPlaces(_ -> false, Set.of());
        return new WayOut(network, _ -> List.of(), own, upstream, others, told);
    }

    private static PhaseNetwork observed() {
        return new PhaseNetwork(
                PhaseNetwork.Mode.OBSERVE,
                PhaseNetwork.NOTHING.allow(),
                NetworkCaps.STANDARD,
                List.of());
    }

    /// The run's log after a guest has sent these frames.
    private List<String> log(PhaseNetwork network, byte[]... all) {
        var uplink =
                new PhaseUplink(
                        true,
                        network,
                        "repositories[].network.pre_plan.allow",
                        NO_SECRETS,
                        this::way,
                        notes::add);
        var said = new ByteArrayOutputStream();
        said.writeBytes(HELLO);
        for (byte[] each : all) {
            said.writeBytes(each);
        }
        uplink.way()
                .orElseThrow()
                .serve(new ByteArrayInputStream(said.toByteArray()), new ByteArrayOutputStream());
        return notes;
    }

    private static byte[] open(int stream, String target) {
        byte[] text = target.getBytes(StandardCharsets.UTF_8);
        var frame = new ByteArrayOutputStream();
        int length = text.length + 1;
        frame.writeBytes(new byte[] {2, 0, (byte) length, (byte) (length >> 8)});
        frame.writeBytes(new byte[] {(byte) stream, 0, 0, 0, 1});
        frame.writeBytes(text);
        return frame.toByteArray();
    }

    @Test
    void whereThereIsNoNetworkNobodyServesThePort() {
        var nothing = PhaseNetwork.NOTHING;
        var uplink = new PhaseUplink(false, nothing, "key", NO_SECRETS, this::way, notes::add);
        assertThat(uplink.way()).isEmpty();
        assertThat(PhaseUplink.guest(false, PhaseNetwork.NOTHING, PhaseSecrets.NOTHING)).isEmpty();
    }

    @Test
    void aTrustedPhaseWithoutAListHearsWhichLineWouldAllowAConnection() {
        assertThat(PhaseUplink.guest(true, PhaseNetwork.NOTHING, PhaseSecrets.NOTHING))
                .contains(
                        new GuestNetwork(List.of(), List.of(), false, List.of(), List.of(), false));
        assertThat(log(PhaseNetwork.NOTHING, open(1, "registry.example:443")))
                .containsExactly(
                        "connection refused: registry.example:443 is not on the list;"
                                + " `registry.example:443` in"
                                + " repositories[].network.pre_plan.allow would allow it");
    }

    @Test
    void theGuestIsToldOfListedPlacesAndDomains() {
        assertThat(PhaseUplink.guest(true, observed(), PhaseSecrets.NOTHING))
                .contains(
                        new GuestNetwork(List.of(), List.of(), true, List.of(), List.of(), false));
    }

    @Test
    void aRefusedConnectionStandsInTheLogOnceWithTheLineThatWouldAllowIt() {
        assertThat(log(observed(), open(1, "mail.example:25"), open(3, "mail.example:25")))
                .containsExactly(
                        "connection refused: mail.example:25 is not on the list; `mail.example:25`"
                                + " in repositories[].network.pre_plan.allow would allow it");
    }

    @Test
    void whatARefusedNameSaysIsBoundedAndWritesNothingButPlainText() {
        var said = new ArrayList<byte[]>();
        for (int i = 0; i < 100; i++) {
            said.add(open(2 * i + 1, i + "x".repeat(MOST_TEXT - 10) + ":25"));
        }
        assertThat(log(observed(), said.toArray(byte[][]::new)))
                .hasSize(100)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .matches("connection refused: [ -~]*")
                                        .hasSizeLessThan(3 * MOST_TEXT));
        notes.clear();
        for (String target :
                List.of("\u001b[2J:25", "a\nb:25", "a\u0000:25", "é:25", "x".repeat(513))) {
            assertThat(log(observed(), open(1, target))).as(target).isEmpty();
        }
    }

    @Test
    void thatAProxyLooksNamesUpStandsInTheLogOnce() {
        var proxy =
                new UpstreamProxy(URI.create("http://proxy.lan:3128"), "", Optional.empty(), true);
        upstream = Optional.of(proxy);

        assertThat(log(observed()))
                .containsExactly(
                        "addresses of listed places and tokens are not checked: the upstream proxy"
                                + " proxy.lan:3128 looks their names up (upstream_proxy.resolves)");
        notes.clear();
        upstream =
                Optional.of(
                        new UpstreamProxy(
                                URI.create("http://proxy.lan:3128"), "", Optional.empty(), false));
        assertThat(log(observed())).isEmpty();
    }
}
