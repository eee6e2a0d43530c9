package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.Secret;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Forges that lie, redirect, stall, flood, or just say no.
class HostileForgeTest extends ForgeFixture {
    @BeforeEach
    void commit() {
        git.write("a", "1").commit("first");
    }

    private static SourceLimits within(Duration time) {
        SourceLimits some = SourceLimits.DEFAULT;
        return new SourceLimits(
                some.size(),
                some.files(),
                some.fileSize(),
                some.pathLength(),
                some.depth(),
                some.planFileSize(),
                time);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
    }

    @Test
    void aRedirectToAnotherHostIsNotFollowedAndTellsNobodyTheToken() throws Exception {
        try (var other = new GitServer(temporary.resolve("forge"))) {
            forge.server.answer(
                    exchange ->
                            redirect(
                                    exchange,
                                    other.url(repo.name()) + "/info/refs?service=git-upload-pack"));
            var withToken =
                    repo.with(new FetchCredentials.Token("bot", new Secret("s3cret-token")));

            assertUnreachable(forge.fetchMain(withToken), false, "redirects to another host");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aRedirectOnTheSameHostIsFollowed() throws Exception {
        URI old = forge.server.url("old-name");
        forge.server.answer(
                exchange -> {
                    String asked = exchange.getRequestURI().toString();
                    if (asked.startsWith("/old-name/")) {
                        redirect(exchange, asked.replace("/old-name/", "/" + repo.name() + "/"));
                    } else {
                        forge.server.runGit(exchange);
                    }
                });

        assertThat(forge.source(repo.with(old)).bytes()).isPositive();
    }

    @Test
    void aRedirectThatNeverEndsIsRefused() throws Exception {
        forge.server.answer(exchange -> redirect(exchange, exchange.getRequestURI().toString()));

        assertThat(forge.fetchMain(repo)).isInstanceOf(Unreachable.class);
        assertThat(forge.server.requests()).hasSizeLessThan(1000);
    }

    @Test
    void aTokenLetsInAndAWrongOneIsNotTriedAgain() throws Exception {
        forge.server.demand("bot:s3cret-token");

        assertUnreachable(forge.fetchMain(repo), false, "asks for a login: set `credentials`");
        var wrong = repo.with(new FetchCredentials.Token("bot", new Secret("wrong")));
        assertUnreachable(forge.fetchMain(wrong), false, "does not accept the credentials");
        var right = repo.with(new FetchCredentials.Token("bot", new Secret("s3cret-token")));
        assertThat(forge.source(right).bytes()).isPositive();
        assertThat(LiveTree.files(forge.state()))
                .isNotEmpty()
                .allSatisfy(
                        file ->
                                assertThat(LiveTree.read(file))
                                        .asString(StandardCharsets.ISO_8859_1)
                                        .doesNotContain("s3cret-token"));
    }

    /// Forges that look at the token alone take this user.
    private Forge.Repo withTheForgesToken(String token) {
        return repo.with(new FetchCredentials.ForgeToken(new Secret(token)));
    }

    @Test
    void theForgesTokenLetsInAndIsSentOnlyAfterTheServerAskedForALogin() throws Exception {
        int before = forge.server.authorizations().size();
        assertThat(forge.source(withTheForgesToken("s3cret-token")).bytes()).isPositive();
        assertThat(forge.server.authorizations().stream().skip(before))
                .as("of a public repository")
                .isNotEmpty()
                .containsOnly("");

        forge.server.demand("x-access-token:s3cret-token");
        git.write("a", "2").commit("second");
        before = forge.server.authorizations().size();
        assertThat(forge.source(withTheForgesToken("s3cret-token")).bytes()).isPositive();
        var sent = forge.server.authorizations().stream().skip(before).toList();
        assertThat(sent.getFirst()).isEmpty();
        assertThat(sent.subList(1, sent.size())).doesNotContain("");
        assertThat(
                        forge.fetcher.tips(
                                withTheForgesToken("s3cret-token").remote(), List.of("refs/")))
                .isInstanceOf(Listing.Tips.class);
        assertThat(forge.server.authorizations().stream().skip(before + sent.size()))
                .as("it is known by now that this one asks")
                .doesNotContain("");
    }

    @Test
    void ofAForgesTokenThatMayNotReadItSaysWhichKeysThereAre() throws Exception {
        forge.server.demand("x-access-token:s3cret-token");
        assertUnreachable(
                forge.fetchMain(withTheForgesToken("another")),
                false,
                "does not accept the credentials, which are the forge's `token`; set"
                        + " `credentials`");
    }

    @Test
    void aRedirectToAnotherHostGetsNoForgesTokenHoweverItAsks() throws Exception {
        try (var other = new GitServer(temporary.resolve("forge"))) {
            other.demand("x-access-token:s3cret-token");
            String there = other.url(repo.name()) + "/info/refs?service=git-upload-pack";
            forge.server.answer(exchange -> redirect(exchange, there));
            assertUnreachable(
                    forge.fetchMain(withTheForgesToken("s3cret-token")),
                    false,
                    "redirects to another host");
            forge.server.demand("x-access-token:s3cret-token");
            assertUnreachable(
                    forge.fetchMain(withTheForgesToken("s3cret-token")),
                    false,
                    "redirects to another host");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aRepositoryThatIsNotThereIsNotTriedAgain() throws Exception {
        var nowhere = repo.with(forge.server.url("nowhere"));

        assertUnreachable(forge.fetchMain(nowhere), false, "is the URL right");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void aForgeInTroubleIsTriedAgain(int status) throws Exception {
        forge.server.answer(exchange -> exchange.sendResponseHeaders(status, -1));

        assertUnreachable(forge.fetchMain(repo), true, String.valueOf(status));
    }

    @Test
    void aForgeThatIsDownIsTriedAgain() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var down = repo.with(URI.create("http://127.0.0.1:" + port + "/repo"));

        assertUnreachable(forge.fetchMain(down), true, "can't be fetched from");
    }

    @Test
    void aWebPageIsNoRepository() throws Exception {
        forge.server.answer(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody()
                            .write("<html>hello</html>".getBytes(StandardCharsets.UTF_8));
                });

        assertThat(forge.fetchMain(repo)).isInstanceOf(Unreachable.class);
    }

    @Test
    void ofAMillionRefsNoneIsListedAndACommitIsFetchedAllTheSame() throws Exception {
        String commit = git.resolve("main").hex();
        var refs = new StringBuilder("# pack-refs with: peeled fully-peeled sorted \n");
        for (int i = 0; i < 1_000_000; i++) {
            refs.append(commit).append(" refs/heads/x").append(1_000_000 + i).append('\n');
        }
        Files.writeString(
                temporary.resolve("forge").resolve(repo.name()).resolve(".git/packed-refs"), refs);

        assertRefused(
                forge.fetcher.tips(repo.remote(), List.of("refs/heads/")),
                "has 1,000,001 branches");
        assertThat(forge.fetchMain(repo)).isInstanceOf(Source.class);
    }

    @Test
    void aForgeThatStallsIsGivenUpInTime() throws Exception {
        var end = new CountDownLatch(1);
        forge.server.answer(_ -> GitServer.await(end));
        long start = System.nanoTime();

        assertUnreachable(
                forge.fetchMain(repo.with(within(Duration.ofSeconds(12)))), true, "within 12 s");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        end.countDown();
    }

    @Test
    void aForgeThatSendsWithoutEndIsCutOff() throws Exception {
        forge.server.answer(
                exchange -> {
                    exchange.getResponseHeaders()
                            .set("Content-Type", "application/x-git-upload-pack-advertisement");
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write(
                            "001e# service=git-upload-pack\n0000".getBytes(StandardCharsets.UTF_8));
                    String id = "ab".repeat(20);
                    for (long i = 0; i < 3_000_000; i++) {
                        String line = id + " refs/heads/%020d\n".formatted(i);
                        out.write(
                                "%04x%s"
                                        .formatted(line.length() + 4, line)
                                        .getBytes(StandardCharsets.UTF_8));
                    }
                });

        assertRefused(forge.fetchMain(repo.with(Forge.SMALL)), "bytes, the limit");
    }

    @Test
    void aCommitLargerThanTheLimitIsRefused() throws Exception {
        CommitId commit = git.write("big", "x".repeat(60_000)).commit("big");

        assertRefused(
                forge.fetch(repo.with(Forge.SMALL), "refs/heads/main", commit),
                "'big' has 60,000 bytes, a file may have 50,000");
        assertThat(forge.source(repo).bytes()).isGreaterThan(60_000);
        assertRefused(
                forge.fetch(repo.with(Forge.SMALL), "refs/heads/main", commit), "60,000 bytes");
    }

    @Test
    void anObjectThatGrowsTooLargeIsCutOffWhileItComes() throws Exception {
        CommitId commit = git.write("zeros", "0".repeat(20 << 20)).commit("bomb");

        assertRefused(
                forge.fetch(repo.with(Forge.SMALL), "refs/heads/main", commit),
                "an object that is too large");
    }

    @ParameterizedTest
    @ValueSource(strings = {".git", ".GIT", "..", "git~1", ".g\u200cit"})
    void aHostileTreeIsRefusedOnItsWayIn(String name) throws Exception {
        String blob = git.git("rev-parse", "HEAD:a");
        byte[] tree = new TreeBuilder().entry("100644", name, ObjectId.fromString(blob)).bytes();
        String treeId = pushTree(tree);

        assertThat(forge.fetchMain(repo)).isInstanceOf(Refused.class);
        try (var files = Files.walk(forge.state().resolve("sources"))) {
            assertThat(files.filter(file -> file.toString().contains(treeId))).isEmpty();
        }
    }

    /// Makes it the tree of main's tip and gives its id.
    private String pushTree(byte[] tree) {
        byte[] printed = git.run(tree, "hash-object", "-t", "tree", "-w", "--stdin", "--literally");
        String id = new String(printed, StandardCharsets.UTF_8).strip();
        git.git("update-ref", "refs/heads/main", git.git("commit-tree", "-m", "hostile", id));
        return id;
    }

    @Test
    void aTreeWhoseFileIsNoFileIsRefusedAfterAFreshStart() throws Exception {
        String tree = git.git("rev-parse", "HEAD^{tree}");
        pushTree(new TreeBuilder().entry("100644", "a", ObjectId.fromString(tree)).bytes());

        assertRefused(forge.fetchMain(repo), "incomplete or malformed");
    }

    @Test
    void aForgeWhoseOwnRepositoryIsBrokenIsTriedAgain() throws Exception {
        git.write("b", "2").commit("second");
        String blob = git.git("rev-parse", "HEAD:b");
        Files.delete(
                git.directory()
                        .resolve(".git/objects")
                        .resolve(blob.substring(0, 2))
                        .resolve(blob.substring(2)));

        assertUnreachable(forge.fetchMain(repo), true, "can't be fetched from");
    }

    @Test
    void anAddressThatIsNoForgesIsNotTaken() {
        for (String url :
                List.of(
                        "file:///etc",
                        "git://host/repo",
                        "ext::sh",
                        "ftp://host/x",
                        "https:///x",
                        "http://user:pass@host/x",
                        "ssh://user:pass@host/x",
                        "http://user@host/x")) {
            assertThat(catchThrowable(() -> repo.with(URI.create(url)).remote()))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("pass@");
        }
    }
}
