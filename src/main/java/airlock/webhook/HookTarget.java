package airlock.webhook;

import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import java.util.List;

/// What a hook's URL stands for.
///
/// @param path the hook, `FORGE/NAME`
/// @param forge the forge's name in the configuration
/// @param kind what the forge runs
/// @param keys those of the current secrets; the rest are random, so that each hook has as many
/// @param pin the repository that the hook speaks for (T8)
public record HookTarget(String path, String forge, ForgeKind kind, List<HookKey> keys, Pin pin) {
    public HookTarget {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("the hook " + path + " has no secret");
        }
    }

    /// Which repository a hook's deliveries must name.
    public sealed interface Pin {
        /// This one, by the configuration or by an earlier delivery.
        record To(RepositoryId repository) implements Pin {}

        /// Not known yet: whoever keeps the first delivery pins the one that it names.
        record ByFirstDelivery() implements Pin {}
    }
}
