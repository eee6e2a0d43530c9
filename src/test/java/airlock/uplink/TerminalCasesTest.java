package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Terminal.Said;
import airlock.uplink.Terminal.TerminalMessages;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.GuestCase;
import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of a terminal's messages (src/test/resources/guest/pty.case).
class TerminalCasesTest {
    private static final List<GuestCase> CASES = GuestCase.read("pty.case");

    /// The host's messages in the good cases.
    private static final Map<String, List<byte[]>> SAID =
            Map.of(
                    "the host says nothing",
                    List.of(),
                    "keys, a size, the end",
                    List.of(
                            keys("ls\n"),
                            TerminalMessages.size(new WindowSize(132, 43)),
                            keys("\u0003"),
                            TerminalMessages.hangUp()),
                    "the smallest and the largest window",
                    List.of(
                            TerminalMessages.size(new WindowSize(0, -1)),
                            TerminalMessages.size(new WindowSize(1001, Integer.MAX_VALUE))));

    private static byte[] keys(String text) {
        byte[] bytes = (">" + text + "<").getBytes(StandardCharsets.US_ASCII);
        return TerminalMessages.keys(bytes, 1, bytes.length - 2);
    }

    private static Stream<GuestCase> fromGuest() {
        return CASES.stream().filter(one -> one.want().getFirst().equals("from guest"));
    }

    private static Stream<GuestCase> fromHost() {
        return CASES.stream()
                .filter(one -> one.want().getFirst().equals("from host"))
                .filter(one -> one.want().getLast().equals("closed"));
    }

    /// Reads in pieces of this size.
    private static List<String> words(byte[] bytes, int piece) {
        var reader = new TerminalMessages();
        var words = new ArrayList<String>();
        try {
            for (int at = 0; ; at += piece) {
                for (var said = reader.next(); said.isPresent(); said = reader.next()) {
                    words.add(words(said.orElseThrow()));
                }
                if (at >= bytes.length) {
                    words.add(reader.isWithin() ? "bad closed within a message" : "closed");
                    return words;
                }
                reader.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
            }
        } catch (ProtocolException e) {
            words.add("bad " + e.getMessage());
            return words;
        }
    }

    private static String words(Said said) {
        return switch (said) {
            case Said.Output(byte[] bytes) -> "output \"" + quoted(bytes) + "\"";
            case Said.Exited(int code) -> "exit " + code;
            case Said.Lost(var why) -> throw new AssertionError(why);
        };
    }

    private static String quoted(byte[] bytes) {
        var text = new StringBuilder();
        for (byte each : bytes) {
            text.append(
                    each == 0
                            ? "\\0"
                            : each < ' '
                                    ? "\\x%02x".formatted(each & 0xff)
                                    : Character.toString(each));
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("fromGuest")
    void whatAGuestSaysIsReadAsTheTableSaysHoweverItIsCut(GuestCase one) {
        var want = one.want().subList(1, one.want().size());
        for (int piece : new int[] {1, 2, 3, 7, Frame.MOST_DATA}) {
            var said = words(one.bytes(), piece);
            assertThat(said).hasSameSizeAs(want);
            for (int i = 0; i < said.size(); i++) {
                if (want.get(i).startsWith("bad ")) {
                    assertThat(said.get(i)).startsWith("bad ").contains(want.get(i).substring(4));
                } else {
                    assertThat(said.get(i)).isEqualTo(want.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fromHost")
    void whatTheHostSaysIsWrittenAsTheTableSays(GuestCase one) {
        var written = new ByteArrayOutputStream();
        assertThat(SAID).containsKey(one.name());
        SAID.getOrDefault(one.name(), List.of()).forEach(written::writeBytes);
        assertThat(written.toByteArray()).isEqualTo(one.bytes());
    }

    @Test
    void everyThingSaidHereIsInTheTable() {
        assertThat(fromHost().map(GuestCase::name).collect(Collectors.toSet()))
                .isEqualTo(SAID.keySet());
        assertThat(fromGuest()).hasSizeGreaterThan(8);
    }

    @Test
    void whateverAGuestSaysIsReadInBoundedMemoryOrRefused() {
        var random = new Random(20_261_129);
        var corpus = fromGuest().map(GuestCase::bytes).filter(bytes -> bytes.length > 0).toList();
        int bad = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
            bytes[random.nextInt(Math.min(bytes.length, 12))] = (byte) random.nextInt();
            var said = words(bytes, 1 + random.nextInt(Frame.MOST_DATA));
            bad += said.getLast().startsWith("bad ") ? 1 : 0;
        }
        assertThat(bad).isBetween(10_000, 19_999);
    }
}
