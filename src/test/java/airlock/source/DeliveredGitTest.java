package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The `.git` that comes with a commit, looked at with git itself in the unpacked tar (H1).
class DeliveredGitTest extends ForgeFixture {
    private static final String MAIN = "refs/heads/main";

    private Fetched fetch(String ref, CommitId commit, CommitPlace place, GitDepth depth)
            throws InterruptedException {
        return forge.fetcher.fetch(
                new Wanted(repo.remote(), ref, commit, place, Forge.PLAN_FILES, depth));
    }

    private Source source(String ref, CommitId commit, GitDepth depth) throws InterruptedException {
        return Forge.source(fetch(ref, commit, CommitPlace.TIP, depth));
    }

    private GitRepo delivered(String ref, CommitId commit, GitDepth depth) throws Exception {
        return UnpackedTar.of(source(ref, commit, depth).tar(), temporary);
    }

    private GitRepo delivered(GitDepth depth) throws Exception {
        return delivered(MAIN, git.resolve("main"), depth);
    }

    /// Files of all kinds, in three commits with tags.
    private void history() throws IOException {
        git.write("old", "1").write("a/b.txt", "first\n").commit("first");
        git.git("tag", "-a", "-m", "one", "v1");
        git.write("größe/文", "4").write("empty", "");
        Files.createSymbolicLink(git.directory().resolve("link"), Path.of("../größe"));
        Path script = git.write("run.sh", "#!/bin/sh\n").directory().resolve("run.sh");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        git.git("rm", "-q", "old");
        git.commit("second");
        git.git("tag", "light");
        git.write(".gitattributes", "*.txt text eol=crlf ident filter=missing\n");
        git.write("a/b.txt", "$Id$ changed\n").commit("third");
        String lib = "160000," + "34".repeat(20) + ",third-party/lib";
        git.git("update-index", "--add", "--cacheinfo", lib);
        git.git("commit", "-q", "-m", "submodule");
    }

    @ParameterizedTest
    @EnumSource(
            value = GitDepth.class,
            names = {"SHALLOW", "FULL"})
    void theTreeIsCleanBeforeAnythingHasLookedAtIt(GitDepth depth) throws Exception {
        history();
        GitRepo there = delivered(depth);

        // which looks at times and lengths alone
        there.git("diff-index", "--quiet", "HEAD");
        there.git("diff-files", "--quiet");
        assertThat(there.git("status", "--porcelain")).isEmpty();
        assertThat(there.git("fsck", "--strict", "--full", "--no-dangling")).isEmpty();
        assertThat(there.git("rev-parse", "HEAD")).isEqualTo(git.head().hex());
    }

    @Test
    void fullHasAllThatLedToTheCommitWithItsTags() throws Exception {
        history();
        GitRepo there = delivered(GitDepth.FULL);

        assertThat(there.git("log", "--format=%s").lines())
                .containsExactly("submodule", "third", "second", "first");
        assertThat(there.git("describe", "--dirty"))
                .matches("v1-3-g" + git.head().hex().substring(0, 7) + "[0-9a-f]*");
        assertThat(there.git("describe", "--tags")).startsWith("light-2-g");
        assertThat(there.git("show", "HEAD~3:old")).isEqualTo("1");
        assertThat(there.git("cat-file", "-t", "v1")).isEqualTo("tag");
        assertThat(there.git("rev-parse", "--is-shallow-repository")).isEqualTo("false");
        assertThat(UnpackedTar.objects(there)).isEqualTo(UnpackedTar.reached(git, "main", "v1"));
    }

    @Test
    void gitsCommandsWorkAsInACheckout() throws Exception {
        history();
        GitRepo there = delivered(GitDepth.FULL);

        there.git("archive", "-o", "../out.tar", "HEAD");
        assertThat(Tars.names(there.directory().resolveSibling("out.tar")))
                .contains("a/b.txt", "link", "run.sh", "third-party/lib/");
        there.write("run.sh", "changed").write("new", "1");
        Files.delete(there.directory().resolve("empty"));
        assertThat(there.git("status", "--porcelain").lines())
                .containsExactlyInAnyOrder(" D empty", " M run.sh", "?? new");
        there.git("reset", "-q", "--hard");
        there.git("clean", "-fdq");
        assertThat(there.git("status", "--porcelain")).isEmpty();
        there.git("checkout", "-q", "HEAD~2");
        assertThat(there.directory().resolve("a/b.txt")).hasContent("first\n");
        there.write("a/b.txt", "more\n").commit("a commit in the machine");
        assertThat(there.git("log", "--format=%s", "-1")).isEqualTo("a commit in the machine");
    }

    @Test
    void itHoldsNothingButWhatGitNeeds() throws Exception {
        history();
        GitRepo there = delivered(GitDepth.FULL);

        assertThat(
                        UnpackedTar.inGit(there).stream()
                                .map(name -> name.replaceAll("[0-9a-f]{40}", "ID")))
                .containsExactlyInAnyOrder(
                        "",
                        "HEAD",
                        "config",
                        "index",
                        "objects",
                        "objects/info",
                        "objects/pack",
                        "objects/pack/pack-ID.idx",
                        "objects/pack/pack-ID.pack",
                        "packed-refs",
                        "refs",
                        "refs/heads",
                        "refs/tags");
        assertThat(there.git("remote")).isEmpty();
        assertThat(there.git("config", "--local", "--list").lines())
                .containsExactly(
                        "core.repositoryformatversion=0",
                        "core.filemode=true",
                        "core.bare=false",
                        "core.logallrefupdates=false",
                        "core.checkstat=minimal",
                        "core.trustctime=false",
                        "gc.auto=0",
                        "maintenance.auto=false");
        assertThat(there.git("for-each-ref", "--format=%(refname)").lines())
                .containsExactly(MAIN, "refs/tags/light", "refs/tags/v1");
        assertThat(there.git("symbolic-ref", "HEAD")).isEqualTo(MAIN);
    }

    @Test
    void shallowHasTheCommitAloneAndTheTagsThatNameIt() throws Exception {
        history();
        git.git("tag", "-a", "-m", "this", "here");
        GitRepo there = delivered(GitDepth.SHALLOW);

        assertThat(there.git("log", "--format=%s")).isEqualTo("submodule");
        assertThat(there.git("rev-parse", "--is-shallow-repository")).isEqualTo("true");
        assertThat(there.directory().resolve(".git/shallow")).hasContent(git.head().hex() + "\n");
        assertThat(there.git("describe")).isEqualTo("here");
        assertThat(there.git("tag")).isEqualTo("here");
        assertThat(there.git("ls-tree", "-r", "--name-only", "-z", "HEAD")).contains("größe/文");
        assertThat(UnpackedTar.objects(there))
                .isEqualTo(UnpackedTar.reached(git, "--no-walk", "here"))
                .doesNotContain(git.resolve("main~1").hex());
    }

    @Test
    void aFirstCommitHasNothingToLeaveOut() throws Exception {
        git.write("a", "1").commit("first");
        GitRepo there = delivered(GitDepth.SHALLOW);

        assertThat(there.directory().resolve(".git/shallow")).doesNotExist();
        assertThat(there.git("log", "--format=%s")).isEqualTo("first");
    }

    @Test
    void h1NoOtherBranchAndNoTagOfOneIsThereThoughTheMirrorHasThem() throws Exception {
        CommitId base = git.write("a", "1".repeat(2000)).commit("first");
        git.git("checkout", "-q", "-b", "secret");
        CommitId secret = git.write("a", "1".repeat(2000) + "secret").commit("theirs");
        git.git("tag", "-a", "-m", "theirs", "of-secret");
        git.git("checkout", "-q", "main");
        CommitId ours = git.write("b", "2").commit("ours");
        // now the mirror has them, and may have packed ours as what differs from theirs
        source("refs/heads/secret", secret, GitDepth.FULL);

        GitRepo there = delivered(MAIN, ours, GitDepth.FULL);

        assertThat(UnpackedTar.objects(there)).isEqualTo(UnpackedTar.reached(git, "main"));
        assertThat(there.git("for-each-ref", "--format=%(refname)")).isEqualTo(MAIN);
        for (String lost : List.of(secret.hex(), "secret", "of-secret", "HEAD@{1}")) {
            assertThatThrownBy(() -> there.git("cat-file", "-e", lost))
                    .isInstanceOf(AssertionError.class);
        }
        assertThat(there.git("log", "--all", "--format=%H").lines())
                .containsExactly(ours.hex(), base.hex());
    }

    @Test
    void anAnnotatedTagIsCheckedOutWithoutABranch() throws Exception {
        history();
        GitRepo there = delivered("refs/tags/v1", git.resolve("v1"), GitDepth.FULL);

        assertThatThrownBy(() -> there.git("symbolic-ref", "HEAD"))
                .isInstanceOf(AssertionError.class);
        assertThat(there.git("rev-parse", "HEAD")).isEqualTo(git.git("rev-parse", "v1^{commit}"));
        assertThat(there.git("describe", "--exact-match")).isEqualTo("v1");
        assertThat(there.git("for-each-ref", "--format=%(refname)")).isEqualTo("refs/tags/v1");
    }

    @Test
    void aChangeRequestIsCheckedOutWithoutABranch() throws Exception {
        history();
        git.git("checkout", "-q", "-b", "topic");
        CommitId head = git.write("a/b.txt", "2").commit("change");
        git.git("update-ref", "refs/pull/7/head", head.hex());
        GitRepo there = delivered("refs/pull/7/head", head, GitDepth.FULL);

        assertThat(there.git("branch", "--format=%(refname)")).isEqualTo("(no branch)");
        assertThat(there.git("for-each-ref", "--format=%(refname)").lines())
                .containsExactly("refs/tags/light", "refs/tags/v1");
        assertThat(there.git("log", "--format=%s", "-2").lines())
                .containsExactly("change", "submodule");
    }

    @Test
    void aCommitThatItsBranchLeftBehindIsTheTipOfTheBranchThatItComesWith() throws Exception {
        history();
        CommitId first = git.resolve("v1^{commit}");
        for (GitDepth depth : List.of(GitDepth.FULL, GitDepth.SHALLOW)) {
            Source source = Forge.source(fetch(MAIN, first, CommitPlace.ANYWHERE, depth));
            GitRepo there = UnpackedTar.of(source.tar(), temporary);

            assertThat(source.tip()).isEqualTo(git.head());
            assertThat(there.git("rev-parse", MAIN, "v1^{commit}").lines())
                    .containsOnly(first.hex());
            assertThat(UnpackedTar.objects(there)).doesNotContain(git.head().hex());
        }
    }

    @Test
    void aServerThatGivesTipsAloneIsAskedForTheHistory() throws Exception {
        history();
        forge.server.protocol("version=0");
        try {
            CommitId first = git.resolve("v1^{commit}");
            Source source = Forge.source(fetch(MAIN, first, CommitPlace.ANYWHERE, GitDepth.FULL));
            GitRepo there = UnpackedTar.of(source.tar(), temporary);

            assertThat(there.git("describe")).isEqualTo("v1");
            assertThat(UnpackedTar.objects(there)).doesNotContain(git.head().hex());
        } finally {
            forge.server.protocol("");
        }
    }

    @Test
    void aTarIsMadeOnceForACommitItsRefAndItsTags() throws Exception {
        history();
        CommitId commit = git.head();
        Source plain = source(MAIN, commit, GitDepth.NONE);
        Source full = source(MAIN, commit, GitDepth.FULL);
        Files.setLastModifiedTime(full.tar(), FileTime.fromMillis(5000));

        assertThat(source(MAIN, commit, GitDepth.FULL)).isEqualTo(full);
        assertThat(Files.getLastModifiedTime(full.tar()).toMillis()).isEqualTo(5000);
        assertThat(full.tree()).isEqualTo(plain.tree());
        git.git("branch", "other");
        assertThat(source("refs/heads/other", commit, GitDepth.FULL).tar())
                .isNotEqualTo(full.tar());
        git.git("tag", "-a", "-m", "late", "late", "HEAD~1");
        GitRepo later = delivered(GitDepth.FULL);
        assertThat(later.git("describe")).startsWith("late-1-g");
        assertThat(source(MAIN, commit, GitDepth.NONE)).isEqualTo(plain);
    }

    @Test
    void theNextFetchBringsOnlyWhatIsNew() throws Exception {
        byte[] random = new byte[50_000];
        new Random(3).nextBytes(random);
        git.write("large", new String(random, StandardCharsets.ISO_8859_1)).commit("first");
        delivered(GitDepth.FULL);
        String large = git.git("rev-parse", "HEAD:large");
        git.write("small", "2").commit("second");
        git.git("tag", "-a", "-m", "new", "v2");

        assertThat(delivered(GitDepth.FULL).git("describe")).isEqualTo("v2");

        Path full = GitMirror.fullOf(forge.mirror(repo));
        try (var packs = Files.list(full.resolve("objects/pack"))) {
            assertThat(
                            packs.filter(file -> file.toString().endsWith(".idx"))
                                    .map(file -> git.git("verify-pack", "-v", file.toString()))
                                    .filter(text -> text.contains(large)))
                    .hasSize(1);
        }
        assertThat(new SourceFiles(forge.state()).mirrors())
                .extracting(SourceFiles.Found::path)
                .contains(full);
    }

    @Test
    void aHistoryThatIsTooLargeIsRefusedWithWhatToDo() throws Exception {
        byte[] random = new byte[60_000];
        new Random(5).nextBytes(random);
        for (int i = 0; i < 3; i++) {
            git.write("f", i + new String(random, i * 20_000, 20_000, StandardCharsets.ISO_8859_1));
            git.commit("c" + i);
        }
        git.write("f", "small").commit("last");
        repo = repo.with(new SourceLimits(40_000, 20, 50_000, 200, 5, 1000, Forge.SMALL.time()));

        assertRefused(
                fetch(MAIN, git.head(), CommitPlace.TIP, GitDepth.FULL),
                "history takes more than the 39,995 bytes",
                "`git: shallow` in .airlock.yaml");
        assertThat(delivered(GitDepth.SHALLOW).git("status", "--porcelain")).isEmpty();
        assertThat(source(MAIN, git.head(), GitDepth.NONE).bytes()).isPositive();
        assertThatThrownBy(() -> GitPack.checkCount(2_000_001))
                .hasMessageContaining("2,000,000 objects; with `git: shallow`");
    }

    @Test
    void h1ACommitOfThePastThatBringsAGitOfItsOwnIsRefused() throws Exception {
        String blob = git.git("hash-object", "-w", "--stdin", "--path=x");
        byte[] tree = new TreeBuilder().entry("100644", ".git", ObjectId.fromString(blob)).bytes();
        String bad =
                new String(
                                git.run(
                                        tree,
                                        "hash-object",
                                        "-t",
                                        "tree",
                                        "-w",
                                        "--literally",
                                        "--stdin"),
                                StandardCharsets.US_ASCII)
                        .strip();
        String past = git.git("commit-tree", "-m", "past", bad);
        git.git("update-ref", MAIN, past);
        git.git("read-tree", "--empty");
        git.write("a", "1").commit("now");

        assertRefused(
                fetch(MAIN, git.head(), CommitPlace.TIP, GitDepth.FULL),
                "breaks git's rules",
                "`git: shallow`");
        assertThat(delivered(GitDepth.SHALLOW).git("status", "--porcelain")).isEmpty();
    }
}
