package airlock.webhook;

import airlock.event.ForgeKind;
import java.util.Optional;

/// The hooks that there are.
///
/// **Threads**: any, at once. **Failures**: a runtime exception, answered with 503.
/// **Limits**: called for every request, so it must answer from memory.
public interface HookLookup {
    /// The hook with this path, `FORGE/NAME`. If there is none, a decoy that nothing is signed for:
    /// to find it takes the same steps, and it has as many keys as every other hook (T10).
    HookTarget find(String path);

    /// What the forge of this name runs; says nothing of its repositories.
    Optional<ForgeKind> kindOf(String forge);
}
