package airlock.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    private static final int NOBODY = 65534;

    @TempDir Path directory;

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static Path loosen(Path file, String mode) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void aMissingOneIsMadeForItsOwnerAlone() throws Exception {
        Path state = directory.resolve("a/state");
        try (var _ = StateDirectory.lock(state)) {
            assertThat(mode(state)).isEqualTo("rwx------");
            assertThat(mode(directory.resolve("a"))).isEqualTo("rwx------");
            assertThat(mode(state.resolve("lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void anOpenOneIsClosedToOthersWithTheFilesInIt() throws Exception {
        Path state = loosen(Files.createDirectory(directory.resolve("state")), "rwxrwxrwx");
        Path database = loosen(Files.createFile(state.resolve("airlock.db")), "rw-r--r--");
        Path wal = loosen(Files.createFile(state.resolve("airlock.db-wal")), "rw-rw-rw-");
        Path key = loosen(Files.createFile(state.resolve("master.key")), "r--------");
        Path elsewhere = loosen(Files.createFile(directory.resolve("elsewhere")), "rw-r--r--");
        Files.createSymbolicLink(state.resolve("link"), elsewhere);
        Path templates = loosen(Files.createDirectory(state.resolve("templates")), "rwx--x--x");

        StateDirectory.lock(state).close();

        assertThat(mode(state)).isEqualTo("rwx------");
        assertThat(mode(database)).isEqualTo("rw-------");
        assertThat(mode(wal)).isEqualTo("rw-------");
        assertThat(mode(key)).isEqualTo("r--------");
        assertThat(mode(elsewhere)).isEqualTo("rw-r--r--");
        assertThat(mode(templates)).as("for the users of VMs").isEqualTo("rwx--x--x");
    }

    @Test
    void aLinkIsRefused() throws Exception {
        Path real = loosen(Files.createDirectory(directory.resolve("real")), "rwxr-xr-x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);

        assertThatThrownBy(() -> StateDirectory.lock(link))
                .isInstanceOf(AppException.class)
                .hasMessageContaining(link + " is a link")
                .hasMessageContaining("set `state` to a directory");
        assertThat(real).isEmptyDirectory();
        assertThat(mode(real)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void anotherUsersDirectoryIsRefusedAndStaysAsItIs() throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: only root gives files away");
        }
        assumeTrue(root);
        Path foreign = loosen(Files.createDirectory(directory.resolve("foreign")), "rwxrwxrwx");
        Files.setAttribute(foreign, "unix:uid", NOBODY);

        assertThatThrownBy(() -> StateDirectory.lock(foreign))
                .isInstanceOf(AppException.class)
                .hasMessageContaining("belongs to nobody, and this runs as root");
        assertThat(foreign).isEmptyDirectory();
        assertThat(mode(foreign)).isEqualTo("rwxrwxrwx");
    }
}
