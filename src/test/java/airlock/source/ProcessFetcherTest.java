package airlock.source;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.sandbox.Sandbox;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFetcherTest extends ForgeFixture {
    @Test
    void aBranchsTipBecomesATarWithItsPlanFiles() throws Exception {
        git.write(".airlock.yaml", "plan: []\n").write("src/main.c", "int main;\n");
        CommitId commit = git.commit("first");

        Source source = forge.source(repo);

        assertThat(source.commit()).isEqualTo(commit);
        assertThat(source.tip()).isEqualTo(commit);
        assertThat(source.tree()).isEqualTo(git.git("rev-parse", "HEAD^{tree}"));
        assertThat(source.bytes()).isEqualTo(Files.size(source.tar()));
        assertThat(Tars.names(source.tar())).containsExactly(".airlock.yaml", "src/", "src/main.c");
        assertThat(source.planFiles())
                .singleElement()
                .isInstanceOfSatisfying(
                        CommitFile.Content.class,
                        file -> {
                            assertThat(file.path()).isEqualTo(".airlock.yaml");
                            assertThat(file.bytes()).asString().isEqualTo("plan: []\n");
                        });
    }

    @Test
    void whatAFetchLeftThatWasKilledIsNotInTheWayOfTheNext() throws Exception {
        git.write("a", "1").commit("first");
        forge.source(repo);
        Path ref = forge.mirror(repo).resolve(GitMirror.localName("refs/heads/main"));
        Path lock = Files.createFile(ref.resolveSibling(ref.getFileName() + ".lock"));
        Path pack = Files.createFile(forge.mirror(repo).resolve("objects/incoming_1.pack"));
        CommitId next = git.write("a", "2").commit("second");

        assertThat(forge.source(repo).commit()).isEqualTo(next);
        assertThat(lock).doesNotExist();
        assertThat(pack).doesNotExist();
    }

    @Test
    void aForgeThatIsSilentHoldsUpNoOther(@TempDir Path directory) throws Exception {
        var asked = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        git.write("a", "1").commit("first");
        try (var silent = new Forge(directory.resolve("silent"));
                var fetcher = new ProcessFetcher(directory.resolve("state"), Sandbox.NONE, 1, 0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            silent.server.stall(asked, end);
            var held =
                    threads.submit(
                            () -> fetcher.fetch(wanted(silent.repo(), "silent", CommitId.NONE)));
            asked.await();
            var other = wanted(repo, "healthy", git.resolve("main"));

            assertThat(threads.submit(() -> fetcher.fetch(other)).get(60, SECONDS))
                    .isInstanceOf(Source.class);
            assertThat(held.isDone()).isFalse();
            end.countDown();
        }
    }

    private static Wanted wanted(Forge.Repo at, String forge, CommitId commit) {
        var remote =
                new RemoteRepository(
                        new RepositoryId(forge, at.name()),
                        at.url(),
                        at.credentials(),
                        at.limits());
        return new Wanted(remote, "refs/heads/main", commit, CommitPlace.TIP, List.of());
    }

    @Test
    void aRefThatHasMovedOnIsNotFetched() throws Exception {
        CommitId first = git.write("a", "1").commit("first");
        CommitId second = git.write("a", "2").commit("second");

        assertThat(forge.fetch(repo, "refs/heads/main", first)).isEqualTo(new Moved(second));
    }

    @Test
    void aCommitThatTheRefNeverHadIsNotFetchedEitherThoughTheForgeHasIt() throws Exception {
        CommitId main = git.write("a", "1").commit("first");
        git.git("checkout", "-q", "-b", "fork");
        CommitId fork = git.write("a", "evil").commit("theirs");

        assertThat(forge.fetch(repo, "refs/heads/main", fork)).isEqualTo(new Moved(main));
    }

    @Test
    void aRefThatIsGoneIsMissing() throws Exception {
        CommitId commit = git.write("a", "1").commit("first");

        assertThat(forge.fetch(repo, "refs/heads/other", commit))
                .isInstanceOfSatisfying(
                        Missing.class,
                        missing -> assertThat(missing.why()).contains("refs/heads/other"));
    }

    @Test
    void aPrefixOfARefIsNotTheRef() throws Exception {
        CommitId commit = git.write("a", "1").commit("first");
        git.git("branch", "main-two");

        assertThat(forge.fetch(repo, "refs/heads/mai", commit)).isInstanceOf(Missing.class);
    }

    @Test
    void anAnnotatedTagIsFetchedByItsOwnIdAndByItsCommits() throws Exception {
        CommitId commit = git.write("a", "1").commit("first");
        git.git("tag", "-a", "-m", "one", "v1");
        CommitId tag = git.resolve("v1");

        assertThat(tag).isNotEqualTo(commit);
        Source byTag = Forge.source(forge.fetch(repo, "refs/tags/v1", tag));
        Source byCommit = Forge.source(forge.fetch(repo, "refs/tags/v1", commit));
        assertThat(byTag.commit()).isEqualTo(commit);
        assertThat(byCommit).usingRecursiveComparison().isEqualTo(byTag);
    }

    @Test
    void aTagThatNamesNoCommitIsRefused() throws Exception {
        git.write("a", "1").commit("first");
        git.git("tag", "blob", "HEAD:a");

        assertRefused(forge.fetch(repo, "refs/tags/blob", git.resolve("blob")), "names no commit");
    }

    @Test
    void aChangeRequestIsFetchedByItsRef() throws Exception {
        git.write("a", "1").commit("first");
        git.git("checkout", "-q", "-b", "topic");
        CommitId head = git.write("a", "2").commit("change");
        git.git("update-ref", "refs/pull/7/head", head.hex());
        git.git("checkout", "-q", "main");
        git.git("branch", "-D", "-q", "topic");

        Source source = Forge.source(forge.fetch(repo, "refs/pull/7/head", head));

        assertThat(source.commit()).isEqualTo(head);
    }

    @Test
    void historyStaysAtTheForge() throws Exception {
        CommitId first = git.write("a", "1").commit("first");
        git.write("a", "2").commit("second");

        forge.source(repo);

        var mirror = new GitRepo(forge.mirror(repo));
        assertThat(mirror.git("cat-file", "--batch-all-objects", "--batch-check"))
                .doesNotContain(first.hex());
        mirror.git("fsck", "--strict");
    }

    @Test
    void theNextFetchBringsOnlyWhatIsNew() throws Exception {
        git.write("large", "x".repeat(100_000) + Math.random()).write("small", "1").commit("first");
        forge.source(repo);
        git.write("small", "2").commit("second");

        Source source = forge.source(repo);

        assertThat(Tars.names(source.tar())).containsExactly("large", "small");
        var mirror = new GitRepo(forge.mirror(repo));
        String largeBlob = git.git("rev-parse", "HEAD:large");
        assertThat(packsThatHold(mirror, largeBlob)).isEqualTo(1);
    }

    private static long packsThatHold(GitRepo mirror, String blob) throws IOException {
        try (var files = Files.list(mirror.directory().resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".idx"))
                    .filter(file -> mirror.git("verify-pack", "-v", file.toString()).contains(blob))
                    .count();
        }
    }

    private Wanted anywhere(CommitId commit) {
        return new Wanted(
                repo.remote(), "refs/heads/main", commit, CommitPlace.ANYWHERE, List.of());
    }

    @Test
    void aCommitThatItsBranchLeftBehindIsFetchedForARerun() throws Exception {
        CommitId first = git.write("a", "1").commit("first");
        CommitId second = git.write("a", "2").commit("second");

        Source source = Forge.source(forge.fetcher.fetch(anywhere(first)));

        assertThat(source.commit()).isEqualTo(first);
        assertThat(source.tip()).isEqualTo(second);
    }

    @Test
    void aCommitThatIsNowhereIsMissing() throws Exception {
        git.write("a", "1").commit("first");
        var nowhere = new CommitId("12".repeat(20));

        assertThat(forge.fetcher.fetch(anywhere(nowhere))).isInstanceOf(Missing.class);
    }

    @Test
    void aServerThatGivesTipsAloneIsAskedForTheHistory() throws Exception {
        CommitId first = git.write("a", "1").commit("first");
        git.write("a", "2").commit("second");
        forge.source(repo);
        forge.server.protocol("version=0");

        assertThat(Forge.source(forge.fetcher.fetch(anywhere(first))).commit()).isEqualTo(first);
    }

    @Test
    void theSameTreeIsPackedOnce() throws Exception {
        git.write("a", "1").commit("first");
        Source first = forge.source(repo);
        Files.setLastModifiedTime(first.tar(), FileTime.fromMillis(5000));
        git.commit("nothing changed");

        Source second = forge.source(repo);

        assertThat(second.tar()).isEqualTo(first.tar());
        assertThat(second.commit()).isNotEqualTo(first.commit());
        assertThat(Files.getLastModifiedTime(second.tar()).toMillis()).isEqualTo(5000);
    }

    @Test
    void aDamagedMirrorIsReplaced() throws Exception {
        git.write("a", "1".repeat(1000)).commit("first");
        forge.source(repo);
        try (var packs = Files.list(forge.mirror(repo).resolve("objects/pack"))) {
            for (Path pack : packs.filter(p -> p.toString().endsWith(".pack")).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                Arrays.fill(bytes, 12, bytes.length - 20, (byte) 0);
                pack.toFile().setWritable(true);
                Files.write(pack, bytes);
            }
        }
        git.write("b", "2").commit("second");

        assertThat(Tars.names(forge.source(repo).tar())).containsExactly("a", "b");
    }

    @Test
    void aMirrorHalfMadeIsReplaced() throws Exception {
        git.write("a", "1").commit("first");
        Files.createDirectories(forge.mirror(repo).resolve("objects"));

        assertThat(forge.source(repo).bytes()).isPositive();
    }

    @Test
    void manyFetchesAtOnceDoNotDisturbEachOther() throws Exception {
        List<Callable<Source>> calls =
                IntStream.range(0, 6)
                        .mapToObj(
                                i -> {
                                    git.git("checkout", "-q", "-b", "branch" + i);
                                    CommitId commit = git.write("f" + i, "" + i).commit("c" + i);
                                    return (Callable<Source>)
                                            () ->
                                                    Forge.source(
                                                            forge.fetch(
                                                                    repo,
                                                                    "refs/heads/branch" + i,
                                                                    commit));
                                })
                        .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Source>> answers = calls.stream().map(threads::submit).toList();
            for (int i = 0; i < 6; i++) {
                assertThat(Tars.names(answers.get(i).get().tar())).hasSize(i + 1).contains("f" + i);
            }
        }
    }

    @Test
    void submodulesAreNamedAndEmpty() throws Exception {
        git.write("a", "1");
        git.git(
                "update-index",
                "--add",
                "--cacheinfo",
                "160000," + "34".repeat(20) + ",third-party/lib");
        git.git("commit", "-q", "-m", "submodule");

        Source source = forge.source(repo);

        assertThat(source.submodules()).containsExactly("third-party/lib");
        assertThat(Tars.names(source.tar())).containsExactly("third-party/", "third-party/lib/");
        assertThat(forge.source(repo).submodules()).containsExactly("third-party/lib");
    }

    @Test
    void planFilesThatAreNoSmallFilesAreNamed() throws Exception {
        Files.createSymbolicLink(git.directory().resolve(".airlock.yaml"), Path.of("/etc/passwd"));
        git.write(".radicle/ambient.yaml", "#".repeat(300_000)).commit("odd");

        assertThat(forge.source(repo).planFiles())
                .containsExactly(
                        new CommitFile.NotAFile(".airlock.yaml", "a symbolic link"),
                        new CommitFile.TooLarge(".radicle/ambient.yaml", 300_000, 256 << 10));
    }
}
