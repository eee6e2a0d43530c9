package airlock.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    @TempDir Path directory;

    @Test
    void aFullDiskIsSeenInTheWordsOfTheFaultOrOfItsCause() {
        var full = new IOException("ram: No space left on device");

        assertThat(FullDisk.isCauseOf(new UncheckedIOException("cannot write", full))).isTrue();
        assertThat(FullDisk.isCauseOf(new IOException("Disk quota exceeded"))).isTrue();
        assertThat(FullDisk.isCauseOf(new IOException("fetching broke: the disk is full")))
                .as("as a process of ours says it")
                .isTrue();
        assertThat(FullDisk.isCauseOf(new IOException("Permission denied"))).isFalse();
        assertThat(FullDisk.isCauseOf(new IllegalStateException())).isFalse();
    }

    @Test
    void wordsNameTheDiskItsRoomAndWhatToDoEvenIfTheFileIsMissing() {
        Path missing = directory.resolve("missing/file");

        assertThat(FullDisk.explained("qemu-img: No space left on device", missing))
                .matches(
                        "the disk is full: \\S+/missing/file has \\d+ [MG]iB of \\d+ [MG]iB free;"
                                + " remove files there or give it a larger disk\\."
                                + " What failed: qemu-img: No space left on device");
        assertThat(FullDisk.explained("qemu-img: Permission denied", missing))
                .isEqualTo("qemu-img: Permission denied");
    }
}
