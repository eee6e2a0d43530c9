package airlock.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whose a state directory is. Each command that opens one asks here first: a file that root makes
/// in a service's state ends the service at its next start.
public final class StateOwner {
    private static final Path SELF = Path.of("/proc/self");
    private static final Integer ROOT = 0;

    private StateOwner() {}

    /// Refuses the state directory of another user, before anything is touched.
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

    /// As [#require], for a command that a server carries out, which root may ask, too.
    public static void requireUnlessRoot(Path state) {
        if (!isRoot()) {
            require(state);
        }
    }

    /// That the directory belongs to another user.
    ///
    /// @param owner its user
    /// @param seen for people
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
