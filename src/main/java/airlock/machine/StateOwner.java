package airlock.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The owner of a state directory. Each command that opens one checks it first: a file that root
/// makes in a service's state stops the service from starting.
public final class StateOwner {
    private static final Path SELF = Path.of("/proc/self");
    private static final Integer ROOT = 0;

    private StateOwner() {}

    /// Refuses the state directory of another user before any file is touched.
    ///
    /// @throws AppException with the command that does it as that user
    public static void require(Path state) {
        stranger(state)
                .ifPresent(
                        why -> {
                            throw new AppException(
                                    why.seen() + "; run as " + why.owner() + ": " + why.command());
                        });
    }

    /// As [#require], for a command that the server carries out, which root may send, too.
    public static void requireUnlessRoot(Path state) {
        if (!isRoot()) {
            require(state);
        }
    }

    /// Another user, who owns the directory.
    ///
    /// @param seen the problem, for people
    /// @param command how that user runs Airlock
    public record Stranger(String owner, String seen, String command) {}

    /// Empty if the directory is this process's user's, or missing.
    public static Optional<Stranger> stranger(Path state) {
        try {
            if (!Files.exists(state)
                    || Files.getAttribute(state, "unix:uid")
                            .equals(Files.getAttribute(SELF, "unix:uid"))) {
                return Optional.empty();
            }
            String owner = Files.getOwner(state).getName();
            return Optional.of(
                    new Stranger(
                            owner,
                            "the state directory %s belongs to %s, and this runs as %s"
                                    .formatted(state, owner, System.getProperty("user.name")),
                            isRoot()
                                    ? "runuser -u " + owner + " -- airlock …"
                                    : "sudo -u " + owner + " airlock …"));
        } catch (IOException _) {
            return Optional.empty(); // opening it says why
        }
    }

    private static boolean isRoot() {
        try {
            return ROOT.equals(Files.getAttribute(SELF, "unix:uid"));
        } catch (IOException _) {
            return false;
        }
    }
}
