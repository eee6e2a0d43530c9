package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestCase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of frames that both sides read (src/test/resources/guest/uplink.case).
class FrameCasesTest {
    private static final List<GuestCase> CASES = GuestCase.read("uplink.case");

    private static Stream<GuestCase> cases() {
        return CASES.stream();
    }

    private static Stream<GuestCase> goodCases() {
        return cases().filter(one -> one.want().getLast().equals("closed"));
    }

    /// All frames, then how they ended.
    private static String read(byte[] bytes, Consumer<Frame> frames) throws IOException {
        var in = new ByteArrayInputStream(bytes);
        try {
            var frame = FrameCodec.read(in);
            for (; frame.isPresent(); frame = FrameCodec.read(in)) {
                frames.accept(frame.orElseThrow());
            }
            return "closed";
        } catch (ProtocolException e) {
            return "bad " + e.getMessage();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void framesAreReadAsTheTableSays(GuestCase one) throws IOException {
        var said = new ArrayList<String>();
        said.add(read(one.bytes(), frame -> said.add(words(frame))));

        assertThat(said).hasSameSizeAs(one.want());
        for (int i = 0; i < said.size(); i++) {
            String want = one.want().get(i);
            if (want.startsWith("bad ")) {
                assertThat(said.get(i)).startsWith("bad ").contains(want.substring(4));
            } else {
                assertThat(said.get(i)).isEqualTo(want);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goodCases")
    void framesAreWrittenAsTheyWereRead(GuestCase one) throws IOException {
        var written = new ByteArrayOutputStream();
        read(one.bytes(), frame -> written.writeBytes(FrameCodec.encode(frame)));
        assertThat(written.toByteArray()).isEqualTo(one.bytes());
    }

    @Test
    void theTableHasGoodAndHostileCases() {
        assertThat(goodCases()).hasSizeGreaterThan(2);
        assertThat(cases()).hasSizeGreaterThan(25);
    }

    @Test
    void mutatedFramesAreReadOrRefused() throws IOException {
        var random = new Random(20_261_128);
        int bad = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = CASES.get(random.nextInt(CASES.size())).bytes().clone();
            if (bytes.length == 0) {
                continue;
            }
            bytes[random.nextInt(Math.min(bytes.length, 100))] = (byte) random.nextInt();
            bad += read(bytes, _ -> {}).startsWith("bad ") ? 1 : 0;
        }
        assertThat(bad).isBetween(10_000, 19_999);
    }

    @Test
    void whatIsNoPrintableTextIsSentAsQuestionMarksAndCut() {
        assertThat(Frame.text("a\nä\u001b[0m")).asString().isEqualTo("a???[0m");
        assertThat(Frame.text("x".repeat(600))).hasSize(Frame.MOST_TEXT);
    }

    private static String words(Frame frame) {
        return switch (frame) {
            case Frame.Hello(int version) -> "hello " + Integer.toUnsignedString(version);
            case Frame.Open(int stream, var kind, var target) ->
                    "open %d %s \"%s\""
                            .formatted(
                                    stream,
                                    kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                    target);
            case Frame.Opened(int stream) -> "opened " + stream;
            case Frame.Refused(int stream, var why) -> "refused %d \"%s\"".formatted(stream, why);
            case Frame.Data(int stream, byte[] bytes) ->
                    "data %d \"%s\""
                            .formatted(
                                    stream,
                                    new String(bytes, StandardCharsets.ISO_8859_1)
                                            .replace("\0", "\\0"));
            case Frame.Window(int stream, int bytes) -> "window %d %d".formatted(stream, bytes);
            case Frame.End(int stream) -> "end " + stream;
            case Frame.Reset(int stream) -> "reset " + stream;
        };
    }
}
