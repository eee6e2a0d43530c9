package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.base.Trees;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPlaceTest {
    private static final Path SHARED = Path.of("/dev/shm");

    private static final int NOBODY = 65534;

    @TempDir Path directory;
    private Path runtime;

    @BeforeEach
    void runtime() throws Exception {
        runtime = Files.createTempDirectory(SHARED, "runtime-of-a-test-");
    }

    @AfterEach
    void remove() throws Exception {
        Trees.remove(runtime);
    }

    @Test
    void twoStatesOfOnePathHaveDirectoriesThatNobodyCanForetell() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        Path first = MemoryPlace.of(state, Optional.empty());
        assertThat(MemoryPlace.of(state, Optional.empty())).isEqualTo(first);
        Trees.remove(state);
        Path second = MemoryPlace.of(state, Optional.empty());
        Trees.remove(first);
        Trees.remove(second);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void aLinkInThePlaceOfTheRememberedDirectoryIsNotUsed() throws Exception {
        Path was = MemoryPlace.of(directory, Optional.empty());
        Files.delete(was);
        Files.createSymbolicLink(was, runtime);
        Path found = MemoryPlace.of(directory, Optional.empty());
        Files.delete(was);
        Files.delete(found);
        assertThat(found).isNotEqualTo(was);
    }

    @Test
    void aLinkOrALooseModeInTheRuntimeDirectoryIsRefused() throws Exception {
        Path place = MemoryPlace.of(directory, Optional.of(runtime));
        assertThat(place.getParent()).isEqualTo(runtime);
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> MemoryPlace.of(directory, Optional.of(runtime)))
                .isInstanceOf(VmException.class)
                .hasMessageContaining("others than its owner may write");
        Files.delete(place);
        Files.createSymbolicLink(place, directory);
        assertThatThrownBy(() -> MemoryPlace.of(directory, Optional.of(runtime)))
                .isInstanceOf(VmException.class)
                .hasMessageContaining("is a link");
    }

    @Test
    void aRuntimeDirectoryThatOthersMayWriteIsPassedOver() throws Exception {
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path found = MemoryPlace.of(directory, Optional.of(runtime));
        Files.delete(found);
        assertThat(found.getParent()).isEqualTo(SHARED);
    }

    @Test
    void anotherUsersDirectoryIsNotUsed() throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: only root gives files away");
        }
        assumeTrue(root);
        Path remembered = MemoryPlace.of(directory, Optional.empty());
        Path below = MemoryPlace.of(directory, Optional.of(runtime));
        for (Path foreign : List.of(remembered, below)) {
            Files.setAttribute(foreign, "unix:uid", NOBODY);
        }

        Path found = MemoryPlace.of(directory, Optional.empty());
        assertThatThrownBy(() -> MemoryPlace.of(directory, Optional.of(runtime)))
                .isInstanceOf(VmException.class)
                .hasMessageContaining("belongs to nobody");
        Files.delete(below);
        Files.setAttribute(runtime, "unix:uid", NOBODY);
        assertThat(MemoryPlace.of(directory, Optional.of(runtime))).isEqualTo(found);

        Files.delete(found);
        Files.delete(remembered);
        assertThat(found).isNotEqualTo(remembered);
    }

    @Test
    void aSweepRemovesNothingThatALinkLeadsTo() throws Exception {
        Path kept = Files.writeString(directory.resolve("kept"), "kept");
        Path vms = Files.createDirectory(runtime.resolve("vms"));
        Path memory = Files.createDirectory(runtime.resolve("memory"));
        Files.createSymbolicLink(memory.resolve("vm"), directory);
        VmLeftovers.sweep(vms, memory);
        assertThat(kept).exists();
        assertThat(Files.exists(memory.resolve("vm"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void systemdsRuntimeDirectoryComesBeforeTheSessions() {
        assertThat(
                        MemoryPlace.runtime(
                                Map.of(
                                        "RUNTIME_DIRECTORY",
                                        "/run/a:/run/b",
                                        "XDG_RUNTIME_DIR",
                                        "/run/u")))
                .contains(Path.of("/run/a"));
        assertThat(MemoryPlace.runtime(Map.of("XDG_RUNTIME_DIR", "/run/u")))
                .contains(Path.of("/run/u"));
        assertThat(MemoryPlace.runtime(Map.of())).isEmpty();
    }
}
