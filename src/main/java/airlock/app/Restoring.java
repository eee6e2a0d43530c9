package airlock.app;

import airlock.backup.Restore;
import java.nio.file.Path;

/// Restores a backup while nobody else can use the state directory.
public final class Restoring {
    private Restoring() {}

    /// Fills `state`, which is empty or missing, from `backup`.
    public static Restore.Restored restore(Path state, Path backup) {
        var restore = new Restore(state);
        restore.refuseUsed(); // before a lock would be made in a directory that is not ours
        try (var _ = StateDirectory.lock(state)) {
            return restore.from(backup);
        }
    }
}
