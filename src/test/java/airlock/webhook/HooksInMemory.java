package airlock.webhook;

import airlock.event.ForgeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The hooks of a test.
final class HooksInMemory implements HookLookup {
    private static final HookTarget DECOY =
            new HookTarget(
                    "",
                    "",
                    ForgeKind.GITEA,
                    List.of(HookKey.decoy()),
                    new HookTarget.Pin.ByFirstDelivery());

    /// What was looked up, in order.
    final List<String> looks = new ArrayList<>();

    private final Map<String, HookTarget> targets = new HashMap<>();

    HooksInMemory with(HookTarget target) {
        targets.put(target.path(), target);
        return this;
    }

    @Override
    public HookTarget find(String path) {
        looks.add("hook");
        return targets.getOrDefault(path, DECOY);
    }

    @Override
    public Optional<ForgeKind> kindOf(String forge) {
        looks.add("kind of a forge");
        return targets.values().stream()
                .filter(target -> target.forge().equals(forge))
                .map(HookTarget::kind)
                .findFirst();
    }
}
