package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.GitDepth;
import airlock.source.LocalSource.Local;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSourceTest {
    private static final List<String> PLAN_FILES = List.of(".airlock.yaml", "other.yaml");

    @TempDir private Path temporary;

    private static Local pack(SourceLimits limits, Path directory, Path tar) {
        return new LocalSource(limits).pack(directory, tar, PLAN_FILES, _ -> GitDepth.NONE);
    }

    private Local.Packed pack(Path directory) throws IOException {
        Path tar = Files.createTempDirectory(temporary, "out").resolve("source.tar");
        Local local = pack(SourceLimits.DEFAULT, directory, tar);
        assertThat(local).isInstanceOf(Local.Packed.class);
        return (Local.Packed) local;
    }

    private GitRepo checkout() throws IOException {
        GitRepo git = GitRepo.create(temporary.resolve("checkout"));
        git.write(".airlock.yaml", "plan: []\n")
                .write("a.b/x", "1")
                .write("a/x", "2")
                .write("a/deep/er/y", "3")
                .write("größe/文", "4");
        Files.createSymbolicLink(git.directory().resolve("link"), Path.of("../outside"));
        Path script = git.write("run.sh", "#!/bin/sh\n").directory().resolve("run.sh");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        git.commit("first");
        return git;
    }

    @Test
    void aCleanCheckoutGivesTheVeryBytesThatItsCommitGives() throws Exception {
        GitRepo git = checkout();
        Local.Packed packed = pack(git.directory());
        try (var forge = new Forge(temporary.resolve("with-forge"))) {
            Forge.Repo repo = forge.repo();
            repo.git().git("pull", "-q", git.directory().toString(), "main");

            Source source = forge.source(repo);

            assertThat(source.sha256()).isEqualTo(packed.sha256());
            assertThat(packed.tar()).hasSameBinaryContentAs(source.tar());
        }
        assertThat(packed.uncommitted()).isEmpty();
        assertThat(packed.planFiles()).hasSize(1);
    }

    @Test
    void aFoldersPlanFilesAreReadAndALinkInItsPlaceIsNot() throws Exception {
        var source = new LocalSource(SourceLimits.DEFAULT);
        var wanted = List.of("plans/*.yaml");
        Path directory = Files.createDirectories(temporary.resolve("some"));
        assertThat(source.planFiles(directory, wanted)).isEmpty();

        Path plans = Files.createDirectories(directory.resolve("plans"));
        Files.writeString(plans.resolve("b.yaml"), "plan: []");
        Files.writeString(plans.resolve("c.yml"), "plan: []");
        Files.createSymbolicLink(plans.resolve("a.yaml"), Path.of("/etc/passwd"));
        assertThat(source.planFiles(directory, wanted))
                .extracting(CommitFile::path)
                .containsExactly("plans/a.yaml", "plans/b.yaml");
        assertThat(source.planFiles(directory, wanted).getFirst())
                .isEqualTo(new CommitFile.NotAFile("plans/a.yaml", "a symbolic link"));

        Path other = Files.createDirectories(temporary.resolve("other"));
        Files.createSymbolicLink(other.resolve("plans"), plans);
        assertThat(source.planFiles(other, wanted))
                .containsExactly(new CommitFile.NotAFile("plans", "a symbolic link"));
    }

    @Test
    void whatIsNotCommittedIsPackedAndNamed() throws Exception {
        GitRepo git = checkout();
        git.write("a/x", "changed").write("new/file", "new");
        Files.delete(git.directory().resolve("a.b/x"));

        Local.Packed packed = pack(git.directory());

        assertThat(packed.uncommitted()).containsExactly("a.b/x", "a/x", "new/file");
        assertThat(Tars.names(packed.tar()))
                .contains("a/x", "new/", "new/file")
                .doesNotContain("a.b/", "a.b/x");
    }

    @Test
    void ignoredFilesStayOutUnlessTheyAreTracked() throws Exception {
        GitRepo git = checkout();
        git.write("out/kept", "tracked").commit("second");
        git.write(".gitignore", "out/\n*.log\n").write("out/other", "x").write("a/b.log", "x");

        Local.Packed packed = pack(git.directory());

        assertThat(Tars.names(packed.tar()))
                .contains(".gitignore", "out/", "out/kept")
                .doesNotContain("out/other", "a/b.log");
        assertThat(packed.uncommitted()).containsExactly(".gitignore");
    }

    @Test
    void noGitDirectoryIsPackedAndNoEmptyOne() throws Exception {
        GitRepo git = checkout();
        Files.createDirectories(git.directory().resolve("empty/emptier"));

        assertThat(Tars.names(pack(git.directory()).tar()))
                .noneMatch(name -> name.startsWith(".git/") || name.startsWith("empty"));
    }

    @Test
    void aRepositoryWithinIsNamedAsASubmodule() throws Exception {
        GitRepo git = checkout();
        GitRepo.create(git.directory().resolve("lib")).write("f", "1").commit("theirs");

        Local.Packed packed = pack(git.directory());

        assertThat(packed.submodules()).containsExactly("lib");
        assertThat(Tars.names(packed.tar())).contains("lib/").doesNotContain("lib/f");
    }

    @Test
    void aLinkedWorktreeIsPackedLikeAnyCheckout() throws Exception {
        GitRepo git = checkout();
        Path worktree = temporary.resolve("worktree");
        git.git("worktree", "add", "-q", worktree.toString(), "-b", "topic");

        assertThat(pack(worktree).sha256()).isEqualTo(pack(git.directory()).sha256());
    }

    @Test
    void aDirectoryThatIsNoRepositoryIsPackedToo() throws Exception {
        Path directory = temporary.resolve("plain");
        Files.createDirectories(directory.resolve("sub"));
        Files.writeString(directory.resolve("sub/file"), "1");
        Files.writeString(directory.resolve("sub/file.log"), "1");
        Files.writeString(directory.resolve(".gitignore"), "*.log\n");
        Files.writeString(directory.resolve("other.yaml"), "plan: []\n");

        Local.Packed packed = pack(directory);

        assertThat(Tars.names(packed.tar()))
                .containsExactly(".gitignore", "other.yaml", "sub/", "sub/file");
        assertThat(packed.uncommitted()).isEmpty();
        assertThat(packed.planFiles()).extracting(CommitFile::path).containsExactly("other.yaml");
    }

    @Test
    void aPipeIsSkippedAndNamedInsteadOfReadForEver() throws Exception {
        Path directory = Files.createDirectories(temporary.resolve("plain"));
        new ProcessBuilder("mkfifo", directory.resolve("pipe").toString()).start().waitFor();

        assertThat(pack(directory).skipped()).containsExactly("pipe");
    }

    @Test
    void limitsHoldForDirectoriesToo() throws Exception {
        Path directory = Files.createDirectories(temporary.resolve("plain"));
        Files.writeString(directory.resolve("large"), "x".repeat(60_000));

        assertThat(pack(Forge.SMALL, directory, temporary.resolve("t.tar")))
                .isEqualTo(new Refused("'large' has 60,000 bytes, a file may have 50,000"));
    }
}
