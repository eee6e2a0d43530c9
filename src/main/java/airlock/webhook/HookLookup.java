package airlock.webhook;

import airlock.event.ForgeKind;
import java.util.Optional;

/// Finds hooks.
///
/// **Threads**: any. **Failures**: a runtime exception, answered with 503.
/// **Limits**: called for every request, so it answers from memory.
interface HookLookup {
    /// The hook with this path, `FORGE/NAME`. For an unknown path, a decoy with random keys: it
    /// takes the same steps and has as many keys as every other hook (T10).
    HookTarget find(String path);

    /// The software of the forge with this name; says nothing about its repositories.
    Optional<ForgeKind> kindOf(String forge);
}
