package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Secret;
import airlock.sandbox.RecordStream;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Orders and answers between the server and a fetch process, which the server does not trust.
class FetchMessageTest {
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
                                new CommitFile.TooLarge("a", 3, 2),
                                new CommitFile.NotAFile("größe", "a directory")),
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
        assertThat(read(bytes(answer))).isEqualTo(answer);
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
                        List.of(new CommitFile.Content("p", bytes)),
                        List.of());

        assertThat(read(bytes(source)))
                .isInstanceOfSatisfying(
                        Source.class,
                        read ->
                                assertThat(((CommitFile.Content) read.planFiles().get(0)).bytes())
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
                                                CommitPlace.ANYWHERE,
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
        assertThat(in(bytes(order)).read(Order.class)).isEqualTo(order);
        assertThat(order.toString()).doesNotContain("s3cret").doesNotContain("BEGIN");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void randomBytesEndInAnAnswerOrAnError(Answer answer) throws IOException {
        var random = new Random(11);
        byte[] good = bytes(answer);
        for (int i = 0; i < 3000; i++) {
            byte[] bad = good.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(read(bad)).isNotNull();
            } catch (IOException e) {
                assertThat(e).hasNoCause();
            }
        }
    }

    private static byte[] bytes(Object message) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new RecordStream(InputStream.nullInputStream(), bytes).write(message);
        return bytes.toByteArray();
    }

    private static RecordStream in(byte[] bytes) {
        return new RecordStream(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
    }

    private static FetchMessage read(byte[] bytes) throws IOException {
        return in(bytes).read(FetchMessage.class);
    }
}
