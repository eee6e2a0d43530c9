package airlock.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
    @TempDir Path directory;
    private Path foreign;

    @BeforeEach
    void foreign() throws Exception {
        foreign = Files.createDirectory(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("kept"), "kept");
    }

    @Test
    void aTreeGoesAndWhatItsLinksLeadToStays() throws Exception {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("file"), "");
        Files.createSymbolicLink(tree.resolve("a/link"), foreign);
        Trees.remove(tree);
        assertThat(tree).doesNotExist();
        assertThat(foreign.resolve("kept")).exists();
    }

    @Test
    void ofALinkOnlyTheLinkGoes() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), foreign);
        Trees.remove(link);
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(foreign.resolve("kept")).exists();
    }

    @Test
    void nothingIsRemovedWhereNothingIs() throws Exception {
        Trees.remove(directory.resolve("missing"));
        Trees.remove(directory.resolve("missing/below"));
        assertThat(foreign.resolve("kept")).exists();
    }
}
