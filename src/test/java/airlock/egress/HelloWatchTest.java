package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.HostName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloWatchTest {
    private static final String SERVER = "packages.example";
    private static final byte[] CHANGE_CIPHER = Hello.record(20, new byte[] {1});
    private static final byte[] SERVER_HELLO = Hello.record(22, serverHello(new byte[32]));
    private static final byte[] RETRY =
            Hello.record(
                    22,
                    serverHello(
                            HexFormat.of()
                                    .parseHex(
                                            "cf21ad74e59a6111be1d8c021e65b891"
                                                    + "c2a211167abb8c5e079e09e2c8a8339c")));
    private static final byte[] ENCRYPTED = Hello.record(23, new byte[100]);

    private HelloWatch watch = new HelloWatch(new HostName(SERVER), false);
    private final ByteArrayOutputStream through = new ByteArrayOutputStream();

    /// Why it was refused; empty if it was not.
    private String feed(byte[] bytes) {
        through.writeBytes(watch.feed(bytes));
        return watch.refusal().orElse("");
    }

    private void answer(byte[] bytes) {
        watch.answered(ByteBuffer.wrap(bytes));
    }

    private static byte[] serverHello(byte[] random) {
        return Hello.together(new byte[] {2, 0, 0, 38, 3, 3}, random, new byte[4]);
    }

    private byte[] through() {
        return through.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRealClientsHelloGoesThroughAndWhatFollowsToo(String protocol) throws Exception {
        byte[] hello = Hello.real(SERVER, protocol);

        assertThat(feed(hello)).isEmpty();
        assertThat(through()).isEqualTo(hello);
        answer(SERVER_HELLO);
        assertThat(feed(Hello.together(CHANGE_CIPHER, ENCRYPTED))).isEmpty();
        assertThat(watch.isOver()).isTrue();
        assertThat(through()).isEqualTo(Hello.together(hello, CHANGE_CIPHER, ENCRYPTED));
    }

    @Test
    void nothingGoesThroughBeforeTheHelloIsWholeHoweverItIsCut() throws Exception {
        byte[] hello = Hello.real(SERVER, "TLSv1.3", "TLSv1.2");
        for (int cut = 1; cut < hello.length; cut++) {
            watch = new HelloWatch(new HostName(SERVER), false);
            through.reset();
            assertThat(feed(Arrays.copyOf(hello, cut))).isEmpty();
            assertThat(through()).isEmpty();
            assertThat(feed(Arrays.copyOfRange(hello, cut, hello.length))).isEmpty();
            assertThat(through()).isEqualTo(hello);
        }
    }

    @Test
    void aHelloInRecordsOfOneByteThatComeByteByByteIsRead() {
        byte[] hello = Hello.to(SERVER).inRecordsOf(1);
        for (byte each : hello) {
            assertThat(feed(new byte[] {each})).isEmpty();
        }
        assertThat(through()).isEqualTo(hello);
    }

    @Test
    void anotherServerIsRefusedHoweverTheHelloIsCut() {
        for (int size = 1; size < 60; size++) {
            watch = new HelloWatch(new HostName(SERVER), false);
            assertThat(feed(Hello.to("evil.example").inRecordsOf(size)))
                    .isEqualTo("wants evil.example, and was let through to packages.example");
        }
        assertThat(through()).isEmpty();
    }

    @Test
    void caseAndADotAtTheEndMakeNoOtherServer() {
        assertThat(feed(Hello.to("Packages.Example.").bytes())).isEmpty();
    }

    @Test
    void aHelloThatNamesNobodyIsRefused() {
        assertThat(feed(Hello.toNobody().bytes())).contains("SNI");
        watch = new HelloWatch(new HostName(SERVER), false);
        assertThat(feed(Hello.bare().bytes())).contains("SNI");
    }

    @Test
    void aHelloThatNamesTwoServersOrOneTwiceIsRefused() {
        byte[] two = Hello.serverName(SERVER, "evil.example");
        assertThat(feed(Hello.toNobody().extension(0, two).bytes()))
                .contains("more than one server");
        watch = new HelloWatch(new HostName(SERVER), false);
        byte[] evil = Hello.serverName("evil.example");
        assertThat(feed(Hello.to(SERVER).extension(0, evil).bytes()))
                .contains("an extension twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "packages.example\0.evil.example", "", "раckages.example"})
    void aServerNameThatIsNoneIsRefused(String name) {
        assertThat(feed(Hello.to(name).bytes())).contains("its server name");
    }

    @Test
    void anEncryptedHelloIsRefusedUnlessTheEntryAllowsIt() {
        byte[] hello = Hello.to(SERVER).extension(0xfe0d, new byte[50]).bytes();
        assertThat(feed(hello)).contains("encrypted hello");

        watch = new HelloWatch(new HostName(SERVER), true);
        assertThat(feed(hello)).isEmpty();
        assertThat(through()).isEqualTo(hello);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "\0x", "EHLO x\r\n", "\u0080.\1"})
    void whatIsNotTlsIsRefusedAtItsFirstByte(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(feed(Arrays.copyOf(bytes, 1))).isEqualTo("did not speak TLS");
    }

    @Test
    void otherRecordsThanTheHandshakesAreRefusedBeforeIt() {
        for (byte[] first :
                new byte[][] {CHANGE_CIPHER, ENCRYPTED, Hello.record(21, new byte[2])}) {
            watch = new HelloWatch(new HostName(SERVER), false);
            assertThat(feed(Hello.together(first, Hello.to(SERVER).bytes())))
                    .isEqualTo("did not speak TLS");
        }
    }

    @Test
    void anotherHandshakeMessageIsRefused() {
        assertThat(feed(Hello.record(22, new byte[] {2, 0, 0, 0})))
                .isEqualTo("did not begin with a TLS hello");
    }

    @Test
    void whatFollowsTheHelloInItsOwnRecordIsRefused() {
        byte[] message = Hello.to(SERVER).message();
        assertThat(feed(Hello.record(22, Arrays.copyOf(message, message.length + 1))))
                .isEqualTo("sent more behind its hello");
    }

    @Test
    void aHelloWithoutEndIsRefusedInBoundedMemory() {
        byte[] head = Hello.record(22, new byte[] {1, 0, 0x7f, (byte) 0xff});
        assertThat(feed(head)).isEmpty();
        String refused = "";
        int fed = 0;
        while (refused.isEmpty() && fed < 1 << 20) {
            refused = feed(Hello.record(22, new byte[100]));
            fed += 100;
        }
        assertThat(refused).contains("a hello of more than");
        assertThat(fed).isLessThan(2 * HelloWatch.MOST_BYTES);
        watch = new HelloWatch(new HostName(SERVER), false);
        assertThat(feed(Hello.record(22, new byte[] {1, 1, 0, 0})))
                .contains("a hello of more than");
    }

    @Test
    void recordsOfAWrongLengthAreRefused() {
        assertThat(feed(Hello.record(22, new byte[0]))).contains("wrong length");
        watch = new HelloWatch(new HostName(SERVER), false);
        assertThat(feed(Hello.record(22, new byte[(1 << 14) + 1]))).contains("wrong length");
    }

    /// Early data (RFC 8446, 2.3).
    @Test
    void whatFollowsTheHelloWaitsForTheServersAnswer() {
        byte[] first = Hello.to(SERVER).bytes();
        assertThat(feed(Hello.together(first, CHANGE_CIPHER, ENCRYPTED))).isEmpty();
        assertThat(through()).isEqualTo(first);
        assertThat(watch.isHolding()).isTrue();

        answer(SERVER_HELLO);
        assertThat(feed(new byte[0])).isEmpty();
        assertThat(through()).isEqualTo(Hello.together(first, CHANGE_CIPHER, ENCRYPTED));
        assertThat(watch.isOver()).isTrue();
    }

    /// HelloRetryRequest (RFC 8446, 4.1.4).
    @Test
    void aSecondHelloIsHeldBackUntilItNamesTheSameServer() {
        byte[] first = Hello.to(SERVER).bytes();
        for (byte[] between : new byte[][] {new byte[0], CHANGE_CIPHER}) {
            for (int size : new int[] {1, 5, 7, 1000}) {
                asked(RETRY);
                byte[] second = Hello.to(SERVER).inRecordsOf(size);
                assertThat(feed(Hello.together(between, second, ENCRYPTED))).isEmpty();
                assertThat(through()).isEqualTo(Hello.together(first, between, second, ENCRYPTED));

                asked(RETRY);
                byte[] other = Hello.to("evil.example").inRecordsOf(size);
                assertThat(feed(between) + feed(other)).contains("wants evil.example");
                assertThat(through()).isEqualTo(first);
            }
        }
    }

    @Test
    void nothingElseThanOneHelloFollowsWhereTheServerAsksForAnother() {
        byte[] second = Hello.to(SERVER).bytes();
        byte[] alert = Hello.record(21, new byte[] {1, 90});
        for (byte[] between :
                new byte[][] {
                    alert, ENCRYPTED, Hello.together(CHANGE_CIPHER, CHANGE_CIPHER), {24, 3, 3, 0, 1}
                }) {
            asked(RETRY);
            assertThat(feed(Hello.together(between, second))).contains("something else");
        }
        for (byte[] wrong :
                new byte[][] {
                    Hello.record(22, new byte[] {16, 0, 0, 1, 1}), Hello.record(20, new byte[2])
                }) {
            asked(RETRY);
            assertThat(feed(Hello.together(wrong, second))).isNotEmpty();
        }
        assertThat(through()).isEqualTo(second);
    }

    /// Cut anywhere, and with a warning before.
    @Test
    void aServerThatAsksForAnotherHelloIsUnderstoodHoweverItDoes() {
        byte[] warning = Hello.record(21, new byte[] {1, 112});
        byte[] message = Arrays.copyOfRange(RETRY, 5, RETRY.length);
        var bytewise = new ByteArrayOutputStream();
        for (byte each : message) {
            bytewise.writeBytes(Hello.record(22, new byte[] {each}));
        }
        byte[] helloRequest = Hello.record(22, new byte[4]);
        for (byte[] answer :
                new byte[][] {
                    Hello.together(warning, RETRY), bytewise.toByteArray(), helloRequest
                }) {
            asked(answer);
            assertThat(feed(Hello.to("evil.example").bytes())).contains("wants evil.example");
            asked();
            for (byte each : answer) {
                answer(new byte[] {each});
            }
            assertThat(feed(Hello.to("evil.example").bytes())).contains("wants evil.example");
        }
    }

    @Test
    void aServerThatSpeaksNoTlsEndsTheWatch() {
        asked("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(feed(ENCRYPTED)).isEmpty();
        assertThat(watch.isOver()).isTrue();
    }

    /// Makes a watch that has let a right hello through and has got these answers.
    private void asked(byte[]... answers) {
        watch = new HelloWatch(new HostName(SERVER), false);
        through.reset();
        assertThat(feed(Hello.to(SERVER).bytes())).isEmpty();
        for (byte[] answer : answers) {
            answer(answer);
        }
    }

    /// As in TLS 1.2: first in clear, then encrypted.
    @Test
    void otherHandshakeMessagesGoThroughAfterTheHello() {
        byte[] hello = Hello.to(SERVER).bytes();
        byte[] key = Hello.record(22, new byte[] {16, 0, 0, 2, 1, 2});
        byte[] finished = Hello.record(22, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        for (byte[] next : new byte[][] {key, Hello.together(CHANGE_CIPHER, finished)}) {
            asked(SERVER_HELLO);
            assertThat(feed(next)).isEmpty();
            assertThat(watch.isOver()).isTrue();
            assertThat(through()).isEqualTo(Hello.together(hello, next));
        }
    }

    @Test
    void mutatedHellosGoThroughUnchangedOrAreRefused() throws Exception {
        byte[] good = Hello.real(SERVER, "TLSv1.3", "TLSv1.2");
        var random = new Random(20_261_128);
        int refused = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            watch = new HelloWatch(new HostName(SERVER), false);
            through.reset();
            int cut = random.nextInt(bytes.length);
            String why = feed(Arrays.copyOf(bytes, cut));
            if (why.isEmpty()) {
                why = feed(Arrays.copyOfRange(bytes, cut, bytes.length));
            }
            if (why.isEmpty()) {
                assertThat(through()).isEqualTo(Arrays.copyOf(bytes, through.size()));
                assertThat(through.size() == 0 || names(bytes)).isTrue();
            } else {
                refused++;
            }
        }
        assertThat(refused).isBetween(5_000, 45_000);
    }

    private static boolean names(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.toLowerCase(Locale.ROOT).contains(SERVER);
    }
}
