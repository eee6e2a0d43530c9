package airlock.webhook;

import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import java.util.List;

/// What a hook's URL stands for.
///
/// @param path the hook, `FORGE/NAME`
/// @param forge the forge's name in the configuration
/// @param kind what the forge runs
/// @param secrets the current secrets, one or, while it is being replaced, more
/// @param pin the repository that the hook speaks for (T8)
public record HookTarget(String path, String forge, ForgeKind kind, List<Secret> secrets, Pin pin) {
    public HookTarget {
        secrets = List.copyOf(secrets);
        if (secrets.isEmpty()) {
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
