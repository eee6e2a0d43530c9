package airlock.machine;

import airlock.backup.Restore;
import java.nio.file.Path;

/// Restores a backup while nobody else can use the state directory.
public final class Restoring {
    private Restoring() {}

    /// Fills `state`, which is empty or missing, from `backup`.
    public static Restore.Restored restore(Path state, Path backup) {
        return restore(state, backup, false);
    }

    /// The same.
    ///
    /// @param keyIsElsewhere whether the master key lies outside of the state, so that the backup
    ///     lacks it
    public static Restore.Restored restore(Path state, Path backup, boolean keyIsElsewhere) {
        StateOwner.require(state);
        var restore = new Restore(state, keyIsElsewhere);
        restore.refuseUsed(); // before a lock would be made in a directory that is not ours
        try (var _ = StateDirectory.lock(state)) {
            return restore.from(backup);
        }
    }
}
