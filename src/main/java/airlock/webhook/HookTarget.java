package airlock.webhook;

import airlock.event.RepositoryId;
import airlock.queue.IntakePolicy;
import java.util.List;
import java.util.Optional;

/// The hook at a URL.
///
/// @param path `FORGE/NAME`
/// @param forge the forge's name in the configuration
/// @param keys those of the valid secrets, then random ones, so that every hook has as many
/// @param pinned the repository that the configuration names; if empty, the one of the first
///     delivery (T8)
/// @param defaultBranch by the configuration
record HookTarget(
        String path,
        String forge,
        List<HookKey> keys,
        Optional<RepositoryId> pinned,
        IntakePolicy policy,
        String defaultBranch) {
    HookTarget {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("the hook " + path + " has no secret");
        }
    }
}
