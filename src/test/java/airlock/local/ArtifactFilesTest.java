package airlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.results.Blob;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives of a machine become files of a person's, whatever is in them.
class ArtifactFilesTest {
    @TempDir Path directory;
    private Path out = Path.of("");
    private Path tar = Path.of("");

    @BeforeEach
    void places() {
        out = directory.resolve("out");
        tar = directory.resolve("tar");
    }

    private interface Content {
        void to(TarArchiveOutputStream tar) throws IOException;
    }

    private String write(Content content) throws IOException {
        try (OutputStream file = Files.newOutputStream(tar);
                var archive = new TarArchiveOutputStream(file)) {
            content.to(archive);
        }
        return ArtifactFiles.write(new Blob(tar, "0".repeat(64), Files.size(tar), false), out);
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        var entry = entry(name, TarConstants.LF_NORMAL);
        entry.setSize(text.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(text);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, byte type) {
        var entry = new TarArchiveEntry(name, type);
        entry.setUserId(0);
        entry.setGroupId(0);
        return entry;
    }

    private static void link(TarArchiveOutputStream tar, String name, byte type, String target)
            throws IOException {
        var entry = entry(name, type);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @Test
    void filesProgramsAndLinksAreWrittenAndAgainInPlaceOfTheOldOnes() throws IOException {
        for (int i = 0; i < 2; i++) {
            assertThat(
                            write(
                                    tar -> {
                                        file(tar, "a/lib.so.1", 0755);
                                        link(tar, "a/lib.so", TarConstants.LF_SYMLINK, "lib.so.1");
                                        link(tar, "b", TarConstants.LF_LINK, "a/lib.so.1");
                                        file(tar, "c", 0644);
                                    }))
                    .isEqualTo("4 artifacts in " + out);
        }
        assertThat(out.resolve("a/lib.so")).isSymbolicLink().hasContent("a/lib.so.1");
        assertThat(out.resolve("b")).isExecutable().hasContent("a/lib.so.1");
        assertThat(Files.isExecutable(out.resolve("c"))).isFalse();
    }

    @Test
    void linksThatLeadOutAreLeftOut() throws IOException {
        Files.writeString(directory.resolve("mine"), "mine");

        assertThat(
                        write(
                                tar -> {
                                    link(tar, "up", TarConstants.LF_SYMLINK, "../mine");
                                    link(tar, "root", TarConstants.LF_SYMLINK, "/etc");
                                    link(tar, "here", TarConstants.LF_SYMLINK, ".");
                                    link(tar, "d", TarConstants.LF_SYMLINK, "here/here/../../mine");
                                    link(tar, "hard", TarConstants.LF_LINK, "none");
                                }))
                .isEqualTo(
                        "1 artifact in " + out + "; left out, since they lead out of it: 4 links");
        assertThat(out.resolve("up")).doesNotExist();
    }

    @Test
    void nothingIsWrittenThroughALinkOfTheArchiveOrOfTheDirectory() throws IOException {
        Path mine = Files.createDirectory(directory.resolve("mine"));
        Files.createDirectories(out);
        Files.createSymbolicLink(out.resolve("d"), mine);
        assertThatThrownBy(() -> write(tar -> file(tar, "d/f", 0644)))
                .isInstanceOf(UncheckedIOException.class);

        Files.writeString(mine.resolve("f"), "mine");
        Files.createSymbolicLink(out.resolve("f"), mine.resolve("f"));
        write(tar -> file(tar, "f", 0644));
        assertThat(out.resolve("f")).hasContent("f");
        assertThat(mine.resolve("f")).hasContent("mine");

        assertThatThrownBy(
                        () ->
                                write(
                                        tar -> {
                                            link(tar, "here", TarConstants.LF_SYMLINK, ".");
                                            file(tar, "here/f", 0644);
                                        }))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(mine).isDirectoryContaining("glob:**/f").isDirectoryNotContaining("glob:**/x");
    }

    @Test
    void anArchiveOfAnotherDialectIsToldAndNothingIsWritten() throws IOException {
        assertThat(write(tar -> file(tar, "../f", 0644)))
                .startsWith("the artifacts can't be unpacked: ");
        assertThat(out).doesNotExist();
        assertThat(ArtifactFiles.write(null, out)).isEqualTo("no artifacts");
    }
}
