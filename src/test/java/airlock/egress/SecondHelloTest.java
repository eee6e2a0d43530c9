package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AllowListFixture;
import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.WayOut.OtherStreams;
import airlock.uplink.Frame;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Reset;
import airlock.uplink.GuestStream;
import airlock.uplink.TestGuest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// If a real OpenSSL asks for a second hello (HelloRetryRequest), no trick lets the client name
/// another server there.
class SecondHelloTest {
    private static final String SERVER = "server.lan";
    private static final String EVIL = "evil.example";
    private static final int HANDSHAKE = 22;

    @TempDir Path folder;
    private OpensslServer openssl;

    @BeforeEach
    void start() throws Exception {
        openssl = new OpensslServer(folder, SERVER, EVIL);
    }

    @AfterEach
    void stop() throws Exception {
        openssl.close();
    }

    /// The attacker's bytes once the server has asked for another hello.
    enum Trick {
        PLAIN {
            @Override
            byte[] bytes() throws Exception {
                return again(EVIL).bytes();
            }
        },
        BEHIND_A_CHANGE_CIPHER {
            @Override
            byte[] bytes() throws Exception {
                return Hello.together(Hello.record(20, new byte[] {1}), again(EVIL).bytes());
            }
        },
        BEHIND_AN_ALERT {
            @Override
            byte[] bytes() throws Exception {
                byte[] canceled = {1, 90};
                return Hello.together(Hello.record(21, canceled), again(EVIL).bytes());
            }
        },
        LONGER_THAN_32_KIB {
            @Override
            byte[] bytes() throws Exception {
                return again(EVIL)
                        .extension(21, new byte[20_000])
                        .extension(0x1234, new byte[20_000])
                        .inRecordsOf(16_000);
            }
        },
        OF_ANOTHER_VERSION {
            @Override
            byte[] bytes() throws Exception {
                return again(EVIL).version(0x0301).bytes();
            }
        };

        abstract byte[] bytes() throws Exception;
    }

    /// Shows that the tricks work: without Airlock in between, OpenSSL accepts the second name.
    @ParameterizedTest
    @EnumSource(Trick.class)
    void opensslItselfServesTheServerThatTheSecondHelloNames(Trick trick) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), openssl.port())) {
            socket.getOutputStream().write(first().bytes());
            var in = new DataInputStream(socket.getInputStream());
            assertThat(record(in)).isEqualTo(HANDSHAKE);
            assertThat(openssl.named()).isEqualTo(SERVER);
            socket.getOutputStream().write(trick.bytes());
            assertThat(openssl.named()).isEqualTo(EVIL);
        }
    }

    @ParameterizedTest
    @EnumSource(Trick.class)
    void aSecondHelloThatNamesAnotherServerNeverReachesIt(Trick trick) throws Exception {
        try (var guest = guest()) {
            hearsRetry(guest);
            saysUntilReset(guest, GuestStream.WINDOW - first().bytes().length, trick.bytes());
        }
        assertThat(openssl.linesSoFar()).noneMatch(line -> line.contains(EVIL));
    }

    /// All in one go, before the server has asked.
    @ParameterizedTest
    @EnumSource(Trick.class)
    void norDoesOneThatIsSentBeforeTheServerAsksForIt(Trick trick) throws Exception {
        try (var guest = guest()) {
            guest.say(new Open(1, Kind.CONNECT, target()));
            byte[] all = Hello.together(first().bytes(), trick.bytes());
            saysUntilReset(guest, GuestStream.WINDOW, all);
        }
        assertThat(openssl.linesSoFar()).noneMatch(line -> line.contains(EVIL));
    }

    /// Sends bytes as the host grants them until it resets the stream.
    private static void saysUntilReset(TestGuest guest, int granted, byte[] bytes)
            throws Exception {
        int at = 0;
        int credit = granted;
        while (true) {
            while (at < bytes.length && credit > 0) {
                int end = at + Math.min(Math.min(bytes.length - at, credit), 16_000);
                guest.say(new Data(1, Arrays.copyOfRange(bytes, at, end)));
                credit -= end - at;
                at = end;
            }
            switch (guest.hears()) {
                case Reset _ -> {
                    return;
                }
                case Frame.Window(_, int more) -> credit += more;
                case Data _, Opened _ -> {}
                case Frame other -> throw new AssertionError(other);
            }
        }
    }

    @Test
    void aSecondHelloToTheSameServerIsServed() throws Exception {
        try (var guest = guest()) {
            hearsRetry(guest);
            byte[] change = Hello.record(20, new byte[] {1});
            guest.say(new Data(1, Hello.together(change, again(SERVER).bytes())));
            assertThat(openssl.named()).isEqualTo(SERVER);
            assertThat(((Data) guest.hears()).bytes()[0]).isEqualTo((byte) HANDSHAKE);
        }
    }

    /// After the server's hello the client may send anything.
    @Test
    void whatFollowsTheServersHelloIsNotLookedAt() throws Exception {
        try (var guest = guest()) {
            guest.opens(new Open(1, Kind.CONNECT, target()), new Data(1, again(SERVER).bytes()));
            assertThat(((Data) guest.hears()).bytes()[0]).isEqualTo((byte) HANDSHAKE);
            guest.say(new Data(1, Hello.record(21, new byte[] {2, 40})));
            assertThat(openssl.named()).isEqualTo(SERVER);
            // openssl closes a connection that a fatal alert has ended
            Frame heard = guest.hears();
            while (heard instanceof Data) {
                heard = guest.hears();
            }
            assertThat(heard).isInstanceOf(Frame.End.class);
        }
    }

    private void hearsRetry(TestGuest guest) throws Exception {
        guest.opens(new Open(1, Kind.CONNECT, target()), new Data(1, first().bytes()));
        assertThat(((Data) guest.hears()).bytes()[0]).isEqualTo((byte) HANDSHAKE);
        assertThat(openssl.named()).isEqualTo(SERVER);
    }

    private String target() {
        return SERVER + ":" + openssl.port();
    }

    private TestGuest guest() throws IOException {
        var list = AllowListFixture.of(target() + " = 127.0.0.1");
        var caps = new NetworkCaps(Set.of(openssl.port()), 1_000, 1 << 20, Duration.ofDays(1));
        var network = new PhaseNetwork(PhaseNetwork.Mode.ENFORCE, list, caps, List.of());
        var own = new OwnPlaces(_ -> false, Set.of());
        var gatekeeper = new Gatekeeper(network, new TestResolver(), own, false);
        var dialer = new HostDialer(Optional.empty(), _ -> List.of(), Duration.ofSeconds(10));
        return TestGuest.greeted(
                new ConnectServer(
                                gatekeeper,
                                dialer,
                                Duration.ofSeconds(10),
                                caps,
                                OtherStreams.NONE,
                                _ -> {})
                        ::serve);
    }

    /// The kind of the next record.
    private static int record(DataInputStream in) throws IOException {
        int kind = in.read();
        in.readUnsignedShort();
        in.readNBytes(in.readUnsignedShort());
        return kind;
    }

    /// Offers P-256 without a key of that group, so that the server asks for a second hello.
    private static Hello first() {
        return offers(SERVER).extension(51, new byte[] {0, 0});
    }

    private static Hello again(String server) throws Exception {
        var keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(new ECGenParameterSpec("secp256r1"));
        var point = ((ECPublicKey) keys.generateKeyPair().getPublic()).getW();
        var share = new ByteArrayOutputStream();
        share.writeBytes(new byte[] {0, 69, 0, 23, 0, 65, 4});
        share.writeBytes(coordinate(point.getAffineX()));
        share.writeBytes(coordinate(point.getAffineY()));
        return offers(server).extension(51, share.toByteArray());
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] all = value.toByteArray();
        byte[] coordinate = new byte[32];
        int length = Math.min(32, all.length);
        System.arraycopy(all, all.length - length, coordinate, 32 - length, length);
        return coordinate;
    }

    private static Hello offers(String server) {
        return Hello.to(server)
                .extension(43, new byte[] {2, 3, 4}) // TLS 1.3
                .extension(10, new byte[] {0, 2, 0, 23}) // P-256
                .extension(13, new byte[] {0, 2, 4, 3}); // ECDSA with SHA-256
    }
}
