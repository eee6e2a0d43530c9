package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The frames between the server and a fetch process, which the server does not trust.
class CodecTest {
    private static final CommitId COMMIT = new CommitId("12".repeat(20));
    private static final CommitId TAG = new CommitId("34".repeat(20));

    static Stream<Answer> answers() {
        return Stream.of(
                new Source(
                        Path.of("/state/sources/x/t.tar"),
                        "56".repeat(32),
                        1L << 40,
                        "78".repeat(20),
                        COMMIT,
                        "größe\n",
                        CommitId.NONE,
                        List.of(
                                new PlanFile.TooLarge("a", 3, 2),
                                new PlanFile.NotAFile("größe", "a directory")),
                        List.of("lib", "third party")),
                new Moved(COMMIT),
                new Missing("no such ref"),
                new Refused("a name: 'größe'"),
                new Unreachable("down", true),
                new Unreachable("no", false),
                new Unreachable("log in", false, false, true),
                new Listing.Tips(List.of(new Listing.Tip("refs/tags/v1", TAG, COMMIT))),
                new Listing.Tips(List.of()),
                new Reachable.From("refs/heads/main"),
                new Reachable.FromNone(),
                new Changed.Paths(List.of("src/größe.c", "docs/a b")),
                new Changed.Paths(List.of()),
                new Changed.Unknown("gone"),
                new Answer.Damaged("gone"),
                new Answer.Broke(""));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerArrivesAsItWasSent(Answer answer) throws IOException {
        assertThat(read(Frames.bytes(AnswerCodec::write, answer))).isEqualTo(answer);
    }

    @Test
    void aPlanFilesBytesArriveAsTheyWereSent() throws IOException {
        byte[] bytes = {0, -1, 10, 13, 127};
        var source =
                new Source(
                        Path.of("/t"),
                        "",
                        0,
                        "",
                        COMMIT,
                        "",
                        COMMIT,
                        List.of(new PlanFile.Content("p", bytes)),
                        List.of());

        assertThat(read(Frames.bytes(AnswerCodec::write, source)))
                .isInstanceOfSatisfying(
                        Source.class,
                        read ->
                                assertThat(((PlanFile.Content) read.planFiles().get(0)).bytes())
                                        .isEqualTo(bytes));
    }

    static Stream<Order> orders() {
        return Stream.of(
                        new Order.Login.Anonymous(),
                        new Order.Login.Basic("bot", new Secret("s3cret")),
                        new Order.Login.Key(new Secret("-----BEGIN"), "host ssh-ed25519 AAAA\n"))
                .map(login -> new Order.Target("ssh://git@host/x", login, Forge.SMALL))
                .flatMap(
                        target ->
                                Stream.of(
                                        new Order.Fetch(
                                                target,
                                                "refs/pull/7/head",
                                                COMMIT,
                                                Place.ANYWHERE,
                                                List.of(".airlock.yaml"),
                                                GitDepth.SHALLOW,
                                                List.of("ab")),
                                        new Order.Tips(target, List.of("refs/heads/")),
                                        new Order.Compare(target, "refs/heads/main", COMMIT, TAG),
                                        new Order.Reach(
                                                target, COMMIT, List.of("refs/heads/main"))));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void anOrderArrivesAsItWasSentAndPrintsNoSecret(Order order) throws IOException {
        byte[] bytes = Frames.bytes(OrderCodec::write, order);

        assertThat(OrderCodec.read(in(bytes))).isEqualTo(order);
        assertThat(order.toString()).doesNotContain("s3cret").doesNotContain("BEGIN");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerCutShortIsNoAnswer(Answer answer) throws IOException {
        byte[] bytes = Frames.bytes(AnswerCodec::write, answer);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void randomBytesEndInAnAnswerOrAnErrorAndInLittleMemory(Answer answer) throws IOException {
        var random = new Random(11);
        byte[] good = Frames.bytes(AnswerCodec::write, answer);
        for (int i = 0; i < 3000; i++) {
            byte[] bad = good.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(read(bad)).isNotNull();
            } catch (IOException | IllegalArgumentException e) {
                assertThat(e).isNotInstanceOf(OutOfMemoryError.class);
            }
        }
    }

    @Test
    void aFrameThatClaimsTooMuchIsNotRead() {
        byte[] huge = {0x7f, -1, -1, -1, 'A'};
        byte[] negative = {-1, -1, -1, -1, 'A'};
        byte[] cut = {0, 0, 0, 9, 'A'};
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(huge)))
                .hasMessageContaining("claims");
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(negative)))
                .hasMessageContaining("claims");
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(cut)))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void framesFollowEachOther() throws IOException {
        var out = new ByteArrayOutputStream();
        Frames.write(out, new byte[] {1});
        Frames.write(out, new byte[0]);
        Frames.write(out, new byte[] {2, 3});
        var in = new ByteArrayInputStream(out.toByteArray());

        assertThat(Frames.read(in).readAllBytes()).containsExactly(1);
        assertThat(Frames.read(in).readAllBytes()).isEmpty();
        assertThat(Frames.read(in).readAllBytes()).containsExactly(2, 3);
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    private static Answer read(byte[] bytes) throws IOException {
        return AnswerCodec.read(in(bytes));
    }
}
