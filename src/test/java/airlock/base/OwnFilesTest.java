package airlock.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
    @TempDir Path directory;

    @Test
    void whatIsMadeIsForItsOwnerAlone() throws IOException {
        OwnFiles.write(file("written"), "text".getBytes(UTF_8));
        OwnFiles.open(file("opened")).close();
        OwnFiles.makeDirectories(file("a/b"));

        assertThat(mode("written")).isEqualTo("rw-------");
        assertThat(mode("opened")).isEqualTo("rw-------");
        assertThat(mode("a/b")).isEqualTo("rwx------");
    }

    @Test
    void aFileThatIsThereIsNotWrittenInto() throws IOException {
        Files.writeString(file("there"), "before");

        assertThatThrownBy(() -> OwnFiles.write(file("there"), new byte[1]))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file("there")).hasContent("before");
    }

    @Test
    void aReplacedFileHasTheNewContentAlsoAfterACrashBefore() throws IOException {
        Files.writeString(file("there"), "before");
        Files.writeString(OwnFiles.draft(file("there")), "half");

        OwnFiles.replace(file("there"), "after".getBytes(UTF_8));

        assertThat(file("there")).hasContent("after");
        assertThat(mode("there")).isEqualTo("rw-------");
        assertThat(OwnFiles.draft(file("there"))).doesNotExist();
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name)));
    }
}
