package airlock.source;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.CommitId;
import airlock.sandbox.Sandbox;
import com.sun.net.httpserver.HttpExchange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lending mirrors to fetch processes, and taking back mirrors and tars.
class LenderTest extends ForgeFixture {
    @Test
    void h1AFetchProcessCanNameNoFileButATarThatItLeftInItsHome() throws Exception {
        Path home = Files.createTempDirectory(temporary, "home");
        Path secret = Files.writeString(home.resolve("secret"), "secret");
        Files.createSymbolicLink(home.resolve("ab.v2.tar"), secret);
        Files.writeString(home.resolve("cd.v2.tar"), "whole");
        Path tars = Files.createTempDirectory(temporary, "tars");
        var cache = new TarCache(tars, SourceLimits.DEFAULT);
        for (var file : List.of(secret.toString(), "../x.v2.tar", "secret", "x/ab.v2.tar")) {
            assertThatThrownBy(() -> cache.settle(source(file), home))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(file);
        }
        assertThat(cache.settle(source("ab.v2.tar"), home)).isInstanceOf(Answer.Damaged.class);
        assertThat(cache.settle(source("cd.v2.tar"), home))
                .isInstanceOfSatisfying(
                        Source.class,
                        source -> assertThat(source.tar()).isEqualTo(tars.resolve("cd.v2.tar")));
        assertThat(cache.keys()).containsExactly("cd");
        assertThat(tars.resolve("cd.v2.tar")).hasContent("whole");
    }

    private static Source source(String tar) {
        return new Source(
                Path.of(tar),
                "12".repeat(32),
                0,
                "",
                CommitId.NONE,
                "",
                CommitId.NONE,
                List.of(),
                List.of());
    }

    @Test
    void t11AChangeFromOutsideHoldsUpNoPushAndLiesApart() throws Exception {
        var change = changeFromOutside();
        var asked = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        forge.server.answer(
                exchange -> {
                    if (isPackWanted(exchange) && asked.getCount() > 0) {
                        asked.countDown();
                        GitServer.await(end);
                    }
                    forge.server.runGit(exchange);
                });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Fetched> theirs = threads.submit(() -> forge.fetcher.fetch(change));
            asked.await();

            Source push =
                    Forge.source(threads.submit(() -> forge.fetchMain(repo)).get(60, SECONDS));

            assertThat(theirs.isDone()).isFalse();
            end.countDown();
            Source source = Forge.source(theirs.get());
            assertThat(source.sha256()).isEqualTo(push.sha256());
            assertThat(source.tar().getParent())
                    .isEqualTo(forge.state().resolve("sources/outside/forge_" + repo.name()));
            assertThat(push.tar().getParent())
                    .isEqualTo(forge.state().resolve("sources/forge_" + repo.name()));
        } finally {
            end.countDown();
            forge.server.answer(null);
        }
        var files = new SourceFiles(forge.state());
        assertOneOfEachClass(files.tars());
        assertOneOfEachClass(files.mirrors());
    }

    private Wanted changeFromOutside() {
        CommitId commit = git.write("a", "1").commit("first");
        git.git("update-ref", "refs/pull/7/head", commit.hex());
        return new Wanted(
                repo.remote().outside(true),
                "refs/pull/7/head",
                commit,
                CommitPlace.TIP,
                List.of());
    }

    private void assertOneOfEachClass(List<SourceFiles.Found> found) {
        assertThat(found)
                .filteredOn(file -> file.repository().equals(repo.remote().id()))
                .extracting(SourceFiles.Found::outside)
                .containsExactlyInAnyOrder(true, false);
    }

    private static boolean isPackWanted(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("POST");
    }

    @Test
    void mirrorsOfTheTimeBeforeOutsideChangesLayApartAreRemovedOnce(@TempDir Path state)
            throws Exception {
        Path old = Files.createDirectories(state.resolve("mirrors/forge_1.git"));
        Files.createFile(state.resolve("mirrors/forge_1.git.lock"));
        new ProcessFetcher(state, Sandbox.NONE, 1, 0).close();
        assertThat(LiveTree.files(state.resolve("mirrors"))).isEmpty();
        assertThat(old).doesNotExist();

        Files.createDirectories(old);
        new ProcessFetcher(state, Sandbox.NONE, 1, 0).close();
        assertThat(old).exists();
    }
}
