package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.GitDepth;
import airlock.source.LocalSource.Local;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `.git` that a person's own checkout is packed with.
class LocalGitTest {
    private static final List<String> PLAN_FILES = List.of(".airlock.yaml");

    @TempDir private Path temporary;

    private Local local(Path directory, GitDepth depth) throws Exception {
        Path tar = Files.createTempDirectory(temporary, "out").resolve("source.tar");
        return new LocalSource(SourceLimits.DEFAULT).pack(directory, tar, PLAN_FILES, _ -> depth);
    }

    private GitRepo packed(Path directory, GitDepth depth) throws Exception {
        Local local = local(directory, depth);
        assertThat(local).isInstanceOf(Local.Packed.class);
        Path tar = ((Local.Packed) local).tar();
        try (var files = Files.list(tar.getParent())) {
            assertThat(files).containsExactly(tar);
        }
        return UnpackedTar.of(tar, temporary);
    }

    private GitRepo checkout() throws Exception {
        GitRepo git = GitRepo.create(temporary.resolve("checkout"));
        git.write(".airlock.yaml", "git: full\n").write("a/x", "1").write("empty", "");
        Files.createSymbolicLink(git.directory().resolve("link"), Path.of("a/x"));
        git.commit("first");
        git.git("tag", "-a", "-m", "one", "v1");
        git.write("a/y", "2").commit("second");
        return git;
    }

    @Test
    void aCleanCheckoutIsCleanInTheMachineToo() throws Exception {
        GitRepo git = checkout();
        GitRepo there = packed(git.directory(), GitDepth.FULL);

        there.git("diff-index", "--quiet", "HEAD");
        assertThat(there.git("status", "--porcelain", "--branch")).isEqualTo("## main");
        assertThat(there.git("describe", "--dirty")).startsWith("v1-1-g").doesNotContain("dirty");
        assertThat(there.git("log", "--format=%s").lines()).containsExactly("second", "first");
        assertThat(there.git("fsck", "--strict", "--no-dangling")).isEmpty();
    }

    @Test
    void whatIsNotCommittedIsAChangeStagedOrNot() throws Exception {
        GitRepo git = checkout();
        git.write("a/x", "9").write("new", "").write("staged", "1").write("a/y", "");
        git.git("add", "staged", "a/y");
        Files.delete(git.directory().resolve("link"));
        GitRepo there = packed(git.directory(), GitDepth.FULL);

        assertThatThrownBy(() -> there.git("diff-index", "--quiet", "HEAD"))
                .isInstanceOf(AssertionError.class);
        assertThat(there.git("status", "--porcelain").lines().map(String::strip))
                .containsExactlyInAnyOrder("M a/x", "M a/y", "D link", "?? new", "?? staged");
        assertThat(there.git("describe", "--dirty")).endsWith("-dirty");
        there.git("reset", "-q", "--hard");
        assertThat(there.directory().resolve("a/x")).hasContent("1");
    }

    @Test
    void otherBranchesStashesAndReflogsStayWithThePerson() throws Exception {
        GitRepo git = checkout();
        git.git("checkout", "-q", "-b", "private");
        git.write("secret", "1").commit("private");
        git.git("tag", "private-tag");
        git.git("checkout", "-q", "main");
        git.write("a/x", "stashed");
        git.git("stash", "-q");
        git.git("remote", "add", "origin", "https://ada:password@forge.example/x.git");
        GitRepo there = packed(git.directory(), GitDepth.FULL);

        assertThat(UnpackedTar.objects(there)).isEqualTo(UnpackedTar.reached(git, "main", "v1"));
        assertThat(there.git("for-each-ref", "--format=%(refname)").lines())
                .containsExactly("refs/heads/main", "refs/tags/v1");
        assertThat(Files.readString(there.directory().resolve(".git/config")))
                .doesNotContain("password");
    }

    @Test
    void shallowAndDetachedAndLinkedWork() throws Exception {
        GitRepo git = checkout();
        assertThat(packed(git.directory(), GitDepth.SHALLOW).git("log", "--format=%s"))
                .isEqualTo("second");
        Path worktree = temporary.resolve("worktree");
        git.git("worktree", "add", "-q", "--detach", worktree.toString(), "v1");

        GitRepo there = packed(worktree, GitDepth.FULL);
        assertThat(there.git("describe", "--exact-match")).isEqualTo("v1");
        assertThat(there.git("for-each-ref", "--format=%(refname)")).isEqualTo("refs/tags/v1");
    }

    @Test
    void aCheckoutThatIsShallowItselfStaysSo() throws Exception {
        GitRepo git = checkout();
        git.git("clone", "-q", "--depth", "1", "file://" + git.directory(), "../shallow");
        GitRepo there = packed(temporary.resolve("shallow"), GitDepth.FULL);

        assertThat(there.git("rev-parse", "--is-shallow-repository")).isEqualTo("true");
        assertThat(there.git("log", "--format=%s")).isEqualTo("second");
        assertThat(there.git("status", "--porcelain")).isEmpty();
        assertThat(there.git("fsck", "--strict", "--no-dangling")).isEmpty();
    }

    @Test
    void aPartialCloneIsToldToBeOne() throws Exception {
        GitRepo git = checkout();
        git.git("rm", "-q", "a/y");
        git.commit("third");
        git.git("config", "uploadpack.allowFilter", "true");
        String url = "file://" + git.directory();
        git.git("clone", "-q", "--filter=blob:none", url, "../partial");

        assertThat(local(temporary.resolve("partial"), GitDepth.FULL))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.why())
                                        .contains("is not whole")
                                        .contains("`git: shallow`"));
        assertThat(packed(temporary.resolve("partial"), GitDepth.SHALLOW).git("log", "--format=%s"))
                .isEqualTo("third");
    }

    @Test
    void withoutACommitThereIsNoGit() throws Exception {
        GitRepo git = GitRepo.create(temporary.resolve("new"));
        git.write("a", "1");
        Path plain = Files.createDirectories(temporary.resolve("plain"));

        assertThat(packed(git.directory(), GitDepth.FULL).directory().resolve(".git"))
                .doesNotExist();
        assertThat(packed(plain, GitDepth.FULL).directory().resolve(".git")).doesNotExist();
    }

    @Test
    void thePlanThatLiesThereSaysWhetherThereIsAny() throws Exception {
        GitRepo git = checkout();
        Path tar = temporary.resolve("source.tar");
        var local =
                new LocalSource(SourceLimits.DEFAULT)
                        .pack(
                                git.directory(),
                                tar,
                                PLAN_FILES,
                                files -> {
                                    assertThat(files)
                                            .extracting(CommitFile::path)
                                            .containsExactly(".airlock.yaml");
                                    return GitDepth.NONE;
                                });
        assertThat(local).isInstanceOf(Local.Packed.class);
        assertThat(Tars.names(tar)).noneMatch(name -> name.startsWith(".git/"));
    }
}
