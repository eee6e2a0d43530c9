package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import airlock.event.CommitId;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Hostile repositories: with packs that no git would write, or with hostile content.
class HostileRepositoryTest extends ForgeFixture {
    private static final int BASE = 1024;

    /// A commit whose one file comes as a base that deltas double, and the pack for it.
    private record Bomb(CommitId commit, byte[] pack) {
        static Bomb of(int doublings, boolean lies) {
            return of(
                    pack -> {
                        pack.add(HandmadePack.BLOB, new byte[BASE]);
                        long size = BASE;
                        for (int i = 0; i < doublings; i++) {
                            pack.twice(size, lies ? 10 : 2 * size);
                            size *= 2;
                        }
                    });
        }

        static Bomb of(Consumer<HandmadePack> blobs) {
            byte[] tree =
                    new TreeBuilder()
                            .entry("100644", "bomb", ObjectId.fromString("ab".repeat(20)))
                            .bytes();
            byte[] commit =
                    """
                    tree %s
                    author M <m@example.org> 1700000000 +0000
                    committer M <m@example.org> 1700000000 +0000

                    bomb
                    """
                            .formatted(HandmadePack.id("tree", tree))
                            .getBytes(StandardCharsets.UTF_8);
            var pack =
                    new HandmadePack()
                            .add(HandmadePack.COMMIT, commit)
                            .add(HandmadePack.TREE, tree);
            blobs.accept(pack);
            return new Bomb(new CommitId(HandmadePack.id("commit", commit)), pack.bytes());
        }
    }

    private static void line(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes("%04x".formatted(bytes.length + 4).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(bytes);
    }

    private static void flush(ByteArrayOutputStream out) {
        out.writeBytes("0000".getBytes(StandardCharsets.US_ASCII));
    }

    /// Serves that pack by version 0 of the protocol.
    private static void serve(Bomb bomb) {
        forge.server.answer(exchange -> answer(exchange, bomb));
    }

    private static void answer(HttpExchange exchange, Bomb bomb) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var out = new ByteArrayOutputStream();
        boolean asksForPack = exchange.getRequestMethod().equals("POST");
        if (asksForPack) {
            line(out, "shallow " + bomb.commit.hex() + "\n");
            flush(out);
            line(out, "NAK\n");
            out.writeBytes(bomb.pack);
        } else {
            line(out, "# service=git-upload-pack\n");
            flush(out);
            String can =
                    "multi_ack_detailed shallow ofs-delta allow-reachable-sha1-in-want"
                            + " allow-tip-sha1-in-want";
            line(out, bomb.commit.hex() + " refs/heads/main\0" + can + "\n");
            flush(out);
        }
        String what = asksForPack ? "result" : "advertisement";
        exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-" + what);
        exchange.sendResponseHeaders(200, 0);
        out.writeTo(exchange.getResponseBody());
    }

    private static Fetched fetch(Bomb bomb) throws Exception {
        return fetch(bomb, SourceLimits.DEFAULT);
    }

    private static Fetched fetch(Bomb bomb, SourceLimits limits) throws Exception {
        var hostile = forge.repo().with(limits);
        serve(bomb);
        return forge.fetch(hostile, "refs/heads/main", bomb.commit);
    }

    /// The files outside mirrors and the homes of processes.
    private static List<String> elsewhere() throws IOException {
        return LiveTree.files(temporary).stream()
                .map(file -> temporary.relativize(file).toString())
                .filter(file -> !file.startsWith("state/mirrors/"))
                .filter(file -> !file.startsWith("forge/"))
                .filter(file -> !file.startsWith("state/fetch/home"))
                .toList();
    }

    @Test
    void aPackOfTheSameKindWithoutABombIsTaken() throws Exception {
        var before = elsewhere();

        // its blob is not the one that the tree names: so far did it come
        assertThat(fetch(Bomb.of(2, false)).toString()).contains("incomplete or malformed");
        assertThat(elsewhere()).isEqualTo(before);
    }

    @Test
    void aChainOfDeltasThatGrowsToAGigabyteIsCutOff() throws Exception {
        var before = elsewhere();

        assertThat(fetch(Bomb.of(20, false)).toString()).contains("an object that is too large");
        assertThat(elsewhere()).isEqualTo(before);
    }

    /// Each is a few hundred kilobytes on its way, and none of its objects is too large.
    private static Stream<Arguments> expandingPacks() {
        Consumer<HandmadePack> objects =
                pack -> {
                    for (int i = 0; i < 15; i++) {
                        pack.add(HandmadePack.BLOB, zeros(15, i));
                    }
                };
        Consumer<HandmadePack> results =
                pack -> {
                    for (int i = 0; i < 8; i++) {
                        pack.add(HandmadePack.BLOB, zeros(7, i)).twice(7 << 20, 14 << 20);
                    }
                };
        Consumer<HandmadePack> instructions =
                pack -> {
                    pack.add(HandmadePack.BLOB, zeros(1, 0));
                    for (int i = 0; i < 15; i++) {
                        pack.delta(zeros(15, i));
                    }
                };
        return Stream.of(
                arguments("whole objects", objects),
                arguments("what deltas give", results),
                arguments("the instructions of deltas", instructions));
    }

    private static byte[] zeros(int mebibytes, int first) {
        byte[] zeros = new byte[mebibytes << 20];
        zeros[0] = (byte) first;
        return zeros;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expandingPacks")
    void t11APackThatUnpacksToMoreThanTheLimitIsCutOff(String what, Consumer<HandmadePack> blobs)
            throws Exception {
        assertThat(fetch(Bomb.of(blobs), Forge.SMALL))
                .as(what)
                .isInstanceOf(Refused.class)
                .asString()
                .contains("sent objects that unpack to more than 201,626,592 bytes");
    }

    @Test
    void aDeltaThatGivesMoreThanItSaysIsRefused() throws Exception {
        var before = elsewhere();

        assertThat(fetch(Bomb.of(1, true)))
                .isInstanceOf(Refused.class)
                .asString()
                .contains("a pack that breaks git's rules");
        assertThat(elsewhere()).isEqualTo(before);
    }

    @Test
    void afterAllThoseTheForgeIsFetchedFromAsEver() throws Exception {
        fetch(Bomb.of(20, false));
        behave();
        repo.git().write("a", "1").commit("first");

        assertThat(forge.fetchMain(repo)).isInstanceOf(Source.class);
    }

    @Test
    void neitherLargeFilesNorSubmodulesAreFetchedWhateverTheirFilesSay() throws Exception {
        String pointer =
                """
                version https://git-lfs.github.com/spec/v1
                oid sha256:%s
                size 12345
                """
                        .formatted("ab".repeat(32));
        String elsewhere = forge.server.url("elsewhere").toString();
        repo.git()
                .write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
                .write(".lfsconfig", "[lfs]\n\turl = " + elsewhere + "\n")
                .write("a.bin", pointer)
                .write(
                        ".gitmodules",
                        """
                        [submodule "../../hooks"]
                        	path = -u./run
                        	url = %s
                        	update = !touch %s
                        """
                                .formatted(elsewhere, temporary.resolve("touched")))
                .commit("tricks");
        int before = forge.server.requests().size();

        var source = forge.source(repo);

        assertThat(Files.readString(source.tar(), StandardCharsets.ISO_8859_1)).contains(pointer);
        assertThat(forge.server.requests().subList(before, forge.server.requests().size()))
                .isNotEmpty()
                .allMatch(request -> request.contains("/" + repo.name() + "/"));
        assertThat(temporary.resolve("touched")).doesNotExist();
    }
}
