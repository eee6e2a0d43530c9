package airlock.webhook;

import airlock.event.ForgeKind;
import java.util.Optional;

/// The hooks that there are.
///
/// **Threads**: any, at once. **Failures**: a runtime exception, answered with 503.
/// **Limits**: called for every request, so it must answer from memory.
public interface HookLookup {
    /// The hook with this path, `FORGE/NAME`.
    Optional<HookTarget> find(String path);

    /// What the forge of this name runs; says nothing of its repositories.
    Optional<ForgeKind> kindOf(String forge);
}
