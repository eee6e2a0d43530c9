package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlanFolderTest extends ForgeFixture {
    @Test
    void aFoldersPlanFilesComeByNameAndWhatIsNoSmallFileIsNamed() throws Exception {
        git.write(".airlock/b.yaml", "plan: []\n")
                .write(".airlock/a.yaml", "#".repeat(300_000))
                .write(".airlock/deep.yaml/x.yaml", "plan: []\n")
                .write(".airlock/README.md", "text");
        Files.createSymbolicLink(
                git.directory().resolve(".airlock/link.yaml"), Path.of("/etc/passwd"));
        git.git(
                "update-index",
                "--add",
                "--cacheinfo",
                "160000," + "34".repeat(20) + ",.airlock/module.yaml");
        git.git("add", ".airlock/b.yaml", ".airlock/a.yaml", ".airlock/deep.yaml");
        git.git("add", ".airlock/README.md", ".airlock/link.yaml");
        git.git("commit", "-q", "-m", "plans");

        var files = forge.source(repo).planFiles();

        assertThat(files)
                .extracting(CommitFile::path)
                .containsExactly(
                        ".airlock/a.yaml",
                        ".airlock/b.yaml",
                        ".airlock/deep.yaml",
                        ".airlock/link.yaml",
                        ".airlock/module.yaml");
        assertThat(files.get(0)).isInstanceOf(CommitFile.TooLarge.class);
        assertThat(files.get(1)).isInstanceOf(CommitFile.Content.class);
        assertThat(files.subList(2, 5))
                .containsExactly(
                        new CommitFile.NotAFile(".airlock/deep.yaml", "a directory"),
                        new CommitFile.NotAFile(".airlock/link.yaml", "a symbolic link"),
                        new CommitFile.NotAFile(".airlock/module.yaml", "a submodule"));
    }

    @Test
    void ofMoreThan65PlanFilesOnlySoManyAreReadAndAFolderThatIsALinkIsNamed() throws Exception {
        for (int i = 100; i < 200; i++) {
            git.write(".airlock/p" + i + ".yaml", "plan: []\n");
        }
        git.commit("many");
        assertThat(forge.source(repo).planFiles())
                .hasSize(65)
                .last()
                .extracting(CommitFile::path)
                .isEqualTo(".airlock/p164.yaml");

        git.git("rm", "-qr", ".airlock");
        git.write("plans/a.yaml", "plan: []\n");
        Files.createSymbolicLink(git.directory().resolve(".airlock"), Path.of("plans"));
        git.commit("a link");
        assertThat(forge.source(repo).planFiles())
                .containsExactly(new CommitFile.NotAFile(".airlock", "a symbolic link"));
    }
}
