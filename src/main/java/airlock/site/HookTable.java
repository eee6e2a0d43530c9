package airlock.site;

import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.secrets.HookSecrets;
import airlock.webhook.HookKey;
import airlock.webhook.HookLookup;
import airlock.webhook.HookTarget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The hooks of the configuration with their keys. Looking up a known path and an unknown one takes
/// the same steps and returns the same number of keys (T10). The table is rebuilt when a secret is
/// made or ends, never because of a request.
public final class HookTable implements HookLookup {
    private final AirlockConfig config;
    private final HookSecrets made;
    private final InstantSource clock;
    private final List<HookKey> decoys = new ArrayList<>();
    private volatile Table table;

    /// Each hook has the same number of keys, decoys included.
    ///
    /// @param until when a secret ends
    private record Table(
            Map<String, HookTarget> hooks, HookTarget decoy, long version, Instant until) {
        boolean isCurrent(long now, Instant at) {
            return version == now && at.isBefore(until);
        }
    }

    public HookTable(AirlockConfig config, HookSecrets made, InstantSource clock) {
        this.config = config;
        this.made = made;
        this.clock = clock;
        this.table = make();
    }

    @Override
    public HookTarget find(String path) {
        var current = table;
        if (!current.isCurrent(made.version(), clock.instant())) {
            current = make();
            table = current;
        }
        return Objects.requireNonNullElse(current.hooks().get(key(path)), current.decoy());
    }

    @Override
    public Optional<ForgeKind> kindOf(String forge) {
        return Optional.ofNullable(config.forges().get(forge)).map(f -> f.kind());
    }

    /// The forge as it is written, the name without regard to ASCII case, as forges compare it.
    private static String key(String path) {
        int name = path.indexOf('/') + 1;
        return path.substring(0, name) + path.substring(name).toLowerCase(Locale.ROOT);
    }

    private synchronized Table make() {
        long version = made.version();
        Instant until = made.nextEnd().orElse(Instant.MAX);
        Map<RepositoryConfig, List<HookKey>> keys = new LinkedHashMap<>();
        for (var repository : config.repositories()) {
            var good = secretsOf(repository, made).stream().map(HookKey::of).toList();
            if (!good.isEmpty()) {
                keys.putIfAbsent(repository, good);
            }
        }
        int most = keys.values().stream().mapToInt(List::size).max().orElse(1);
        while (decoys.size() < most) {
            decoys.add(HookKey.decoy());
        }
        Map<String, HookTarget> hooks = new HashMap<>();
        keys.forEach(
                (repository, good) ->
                        hooks.putIfAbsent(
                                key(Configured.hook(repository)), target(repository, good, most)));
        return new Table(
                hooks,
                new HookTarget(
                        "",
                        "",
                        ForgeKind.GITEA,
                        decoys.subList(0, most),
                        new HookTarget.Pin.ByFirstDelivery()),
                version,
                until);
    }

    private HookTarget target(RepositoryConfig repository, List<HookKey> good, int most) {
        var padded = new ArrayList<>(good);
        padded.addAll(decoys.subList(good.size(), most));
        return new HookTarget(
                Configured.hook(repository),
                repository.forge(),
                config.forgeOf(repository).kind(),
                padded,
                repository
                        .pinnedId()
                        .<HookTarget.Pin>map(HookTarget.Pin.To::new)
                        .orElseGet(HookTarget.Pin.ByFirstDelivery::new));
    }

    /// The secrets that are good now: those that the server made before those of the configuration.
    public static List<Secret> secretsOf(RepositoryConfig repository, HookSecrets made) {
        var secrets = new ArrayList<>(made.of(Configured.hook(repository)));
        secrets.addAll(repository.hookSecrets());
        return secrets;
    }
}
