package airlock.webhook;

import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.queue.Intake.IntakePolicy;
import airlock.webhook.HookTable.HookTarget;
import airlock.webhook.Signatures.HookKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One hook.
final class HooksInMemory implements WebhookIntake.Hooks {
    /// The lookups, in order.
    final List<String> looks = new ArrayList<>();

    private final ForgeKind kind;
    private final HookTarget hook;
    private final HookTarget decoy = hook("", Optional.empty(), List.of(HookKey.decoy()));

    HooksInMemory(String path, ForgeKind kind, Optional<String> pinned, Secret... secrets) {
        this.kind = kind;
        this.hook = hook(path, pinned, HookKey.all(List.of(secrets)));
    }

    private static HookTarget hook(String path, Optional<String> pinned, List<HookKey> keys) {
        String forge = path.split("/", 2)[0];
        return new HookTarget(
                path,
                forge,
                keys,
                pinned.map(id -> new RepositoryId(forge, id)),
                new IntakePolicy(false, false),
                "main");
    }

    @Override
    public HookTarget find(String path) {
        looks.add("hook");
        return path.equals(hook.path()) ? hook : decoy;
    }

    @Override
    public Optional<ForgeKind> kindOf(String forge) {
        looks.add("kind of a forge");
        return Optional.of(kind).filter(_ -> forge.equals(hook.forge()));
    }
}
