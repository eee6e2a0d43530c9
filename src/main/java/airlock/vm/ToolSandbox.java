package airlock.vm;

import airlock.program.Program;
import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// The walls of a VM around one of the host's own programs that handle foreign bytes: another user
/// if Airlock is root, own processes and files, but the host's network.
public final class ToolSandbox {
    /// Needed to resolve names and check certificates.
    private static final List<String> SYSTEM =
            List.of(
                    "/etc/resolv.conf",
                    "/etc/hosts",
                    "/etc/nsswitch.conf",
                    "/etc/host.conf",
                    "/etc/gai.conf",
                    "/etc/services",
                    "/etc/protocols",
                    "/etc/localtime",
                    "/etc/ssl",
                    "/etc/ca-certificates",
                    "/etc/pki",
                    // the configuration of Debian's JDK
                    "/etc/java-25-openjdk");

    private final QemuSandbox cage;
    private final Launcher launcher;

    /// Takes over the directories for its user.
    ///
    /// @param owned directories that its programs don't see; their user owns the content from now
    ///     on, since the caller moves it into a program's home and back
    public ToolSandbox(QemuSandbox cage, Launcher launcher, List<Path> owned) throws IOException {
        this.cage = cage;
        this.launcher = launcher;
        for (Path directory : owned) {
            give(directory, cage.helper());
        }
    }

    /// Starts a program.
    ///
    /// @param home the only directory that it can write
    /// @param reads files that it needs besides the system's
    public Process start(Path home, List<Path> reads, List<String> command) throws IOException {
        give(home, cage.helper());
        return launcher.start(Program.of(line(home, reads, command)));
    }

    private List<String> line(Path home, List<Path> reads, List<String> command) {
        var readOnly =
                Stream.concat(SYSTEM.stream().map(Path::of), reads.stream())
                        .filter(file -> !file.startsWith("/usr") && Files.exists(file))
                        .toList();
        return cage.enclose(readOnly, List.of(home), cage.helper(), command);
    }

    private static void give(Path directory, OptionalInt user) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        Integer id = user.getAsInt();
        if (Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(id)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            // a directory after its content, so that an interrupted change is repeated
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.setAttribute(file, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
