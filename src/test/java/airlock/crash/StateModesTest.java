package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.base.Trees;
import airlock.image.FakeImages;
import airlock.vm.MemoryPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The modes of all files of a real server that was started with the loosest umask.
final class StateModesTest {
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final List<String> LOOSE = List.of("sh", "-c", "umask 000 && exec \"$@\"", "sh");
    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");

    /// A VM's own user passes through the directories and reads its drives and its template; all
    /// other users except the owner can't enter the directory above.
    private static final Pattern FOR_VMS =
            Pattern.compile(
                    "rwx--x--x (vms|templates|memory)(/[^/]+)?"
                            + "|r--r--r-- templates/[^/]+/[^/]+"
                            + "|rw-r----- (vms|memory)/[^/]+/vd[a-h]");

    /// JGit makes this empty file and this link in a new repository, and removes them, to learn
    /// whether the file system has modes and links (links always show all rights). They are in a
    /// fetch process's home, which only the owner enters.
    private static final Pattern OF_JGIT =
            Pattern.compile(
                    "rwx--x--x fetch/home\\d+/[^/]+/try\\d+execute"
                            + "|rwxrwxrwx fetch/home\\d+/[^/]+/tmplink");

    @TempDir Path directory;
    private final Set<String> open = new TreeSet<>();

    @Test
    void aServerStartedWithAnOpenUmaskMakesItsFilesForItsOwnerAlone() throws Exception {
        Path image = FakeImages.add(Files.createDirectory(directory.resolve("images")), "fake-1");
        try (var site = new Site(directory, directory.resolve("none"), image)) {
            // only the machine can't start; everything else is real
            run(site, "error");
        }
    }

    @Test
    @Tag("vm")
    void theSameWithARealMachine() throws Exception {
        try (var site = new Site(directory)) {
            run(site, "success");
        }
    }

    private void run(Site site, String end) throws Exception {
        Files.setPosixFilePermissions(site.state(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Path old = Files.createFile(site.state().resolve("airlock.db"));
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (var server = site.server(LOOSE)) {
            site.hook(server.url());
            String commit =
                    site.push(
                            """
                            plan:
                              - {action: shell, shell: echo hello | tee /ci/artifacts/hello}
                            """);
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(100))
                    .until(
                            () -> {
                                look(site);
                                return site.forge().states(commit, "airlock").contains(end);
                            });
            assertThat(names(site.state())).contains("control.sock", "airlock.db-wal", "lock");
            assertThat(names(site.state().resolve("mirrors"))).isNotEmpty();
            assertThat(names(site.state().resolve("logs"))).isNotEmpty();
        }
        look(site);
        Trees.remove(memory(site));
        assertThat(open).isEmpty();
    }

    private static Path memory(Site site) {
        return MemoryPlace.of(site.state(), MemoryPlace.runtime(System.getenv()));
    }

    private void look(Site site) throws IOException {
        look(site.state(), "");
        look(memory(site), "memory");
    }

    /// @param name of the file below the state directory
    private void look(Path file, String name) throws IOException {
        try {
            var found =
                    Files.readAttributes(
                            file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String shown = PosixFilePermissions.toString(found.permissions()) + " " + name;
            if (!OWNERS.containsAll(found.permissions())
                    && !FOR_VMS.matcher(shown).matches()
                    && !OF_JGIT.matcher(shown).matches()) {
                open.add(shown);
            }
            if (found.isDirectory()) {
                for (String entry : names(file)) {
                    look(file.resolve(entry), name.isEmpty() ? entry : name + "/" + entry);
                }
            }
        } catch (NoSuchFileException _) {
            // gone meanwhile
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (UncheckedIOException e) {
            throw Optional.ofNullable(e.getCause()).orElseThrow();
        }
    }
}
