package airlock.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileFaultsTest {
    @TempDir Path directory;

    /// Does something to files that fails.
    @FunctionalInterface
    private interface Failing {
        void run() throws IOException;
    }

    private static String words(Failing failing) {
        return FileFaults.words(catchThrowableOfType(IOException.class, failing::run));
    }

    private static void list(Path directory) throws IOException {
        try (var all = Files.newDirectoryStream(directory)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void saysInWordsWhatAFileSystemRefuses() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "text");
        Files.createDirectories(directory.resolve("full/below"));
        assertThat(words(() -> Files.createDirectory(Path.of("/proc/airlock"))))
                .isEqualTo("there is no /proc/airlock");
        assertThat(words(() -> Files.createDirectory(file)))
                .isEqualTo("there is a file " + file + " already");
        assertThat(words(() -> Files.createDirectory(directory)))
                .isEqualTo("the directory " + directory + " is there already");
        assertThat(words(() -> Files.delete(directory.resolve("full"))))
                .isEqualTo("the directory " + directory.resolve("full") + " is not empty");
        assertThat(words(() -> list(file))).isEqualTo(file + " is not a directory");
        assertThat(words(() -> Files.readString(file.resolve("below"))))
                .isEqualTo(file.resolve("below") + ": Not a directory");
    }

    @Test
    void saysWhoMayNotReachAFileOfWhom() {
        assertThat(FileFaults.words(new AccessDeniedException("/etc/passwd")))
                .startsWith(System.getProperty("user.name") + " may not do that with /etc/passwd")
                .endsWith("which belongs to root (rw-r--r--)");
        assertThat(FileFaults.words(new AccessDeniedException("/nowhere/file")))
                .endsWith("may not reach /nowhere/file");
    }

    @Test
    void saysThatADiskIsFullOrReadOnly() {
        assertThat(FileFaults.words(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("/a: the disk is full, or a quota is used up");
        assertThat(FileFaults.words(new IOException("No space left on device")))
                .isEqualTo("the disk is full, or a quota is used up");
        assertThat(FileFaults.words(new FileSystemException("/a", null, "Read-only file system")))
                .isEqualTo("/a: the file system is read-only");
        assertThat(FileFaults.words(new UnknownHostException("forge.example.org")))
                .isEqualTo("there is no address for the host forge.example.org");
        assertThat(FileFaults.words(new IOException())).isEqualTo("it can't be read or written");
    }

    @Test
    void noMessageShowsTheNameOfAnException() {
        var cause = new NoSuchFileException("/proc/airlock");
        assertThat(FileFaults.message(new UncheckedIOException(cause)))
                .isEqualTo("there is no /proc/airlock");
        assertThat(FileFaults.message(new UncheckedIOException("cannot make it", cause)))
                .isEqualTo("cannot make it: there is no /proc/airlock");
        assertThat(FileFaults.message(new IllegalStateException("cannot tidy: " + cause, cause)))
                .isEqualTo("cannot tidy: there is no /proc/airlock");
        assertThat(
                        FileFaults.message(
                                new IllegalStateException("no: " + cause.getMessage(), cause)))
                .isEqualTo("no: there is no /proc/airlock");
        assertThat(FileFaults.message(new IllegalStateException("another fault")))
                .isEqualTo("another fault");
    }
}
