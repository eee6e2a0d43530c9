package airlock.webhook;

import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.queue.Intake.IntakePolicy;
import airlock.secrets.HookSecrets;
import airlock.webhook.Signatures.HookKey;
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

/// The configured hooks with their keys. A known path takes the same steps and has as many keys as
/// an unknown one (T10). The table is rebuilt when a secret is created or expires, never because of
/// a request.
public final class HookTable implements WebhookIntake.Hooks {
    private final AirlockConfig config;
    private final HookSecrets made;
    private final InstantSource clock;
    private final List<HookKey> decoys = new ArrayList<>();
    private volatile Table table;

    /// @param until when the next secret expires
    private record Table(
            Map<String, HookTarget> hooks, HookTarget decoy, long version, Instant until) {
        boolean isCurrent(long now, Instant at) {
            return version == now && at.isBefore(until);
        }
    }

    HookTable(AirlockConfig config, HookSecrets made, InstantSource clock) {
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

    /// Forges ignore the case of repository names.
    private static String key(String path) {
        int name = path.indexOf('/') + 1;
        return path.substring(0, name) + path.substring(name).toLowerCase(Locale.ROOT);
    }

    private synchronized Table make() {
        long version = made.version();
        Instant until = made.nextEnd().orElse(Instant.MAX);
        Map<RepositoryConfig, List<HookKey>> keys = new LinkedHashMap<>();
        for (var repository : config.repositories()) {
            var good = HookKey.all(secretsOf(repository, made));
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
                        hooks.putIfAbsent(key(path(repository)), target(repository, good, most)));
        var decoy =
                new HookTarget(
                        "",
                        "",
                        decoys.subList(0, most),
                        Optional.empty(),
                        new IntakePolicy(false, false),
                        "");
        return new Table(hooks, decoy, version, until);
    }

    private HookTarget target(RepositoryConfig repository, List<HookKey> good, int most) {
        var padded = new ArrayList<>(good);
        padded.addAll(decoys.subList(good.size(), most));
        return new HookTarget(
                path(repository),
                repository.forge(),
                padded,
                repository.pinnedId(),
                new IntakePolicy(repository.drafts(), repository.cancelRunning()),
                repository.defaultBranch());
    }

    private static String path(RepositoryConfig repository) {
        return repository.forge() + "/" + repository.name();
    }

    /// The valid secrets: first those that the server created, then those of the configuration.
    public static List<Secret> secretsOf(RepositoryConfig repository, HookSecrets made) {
        var secrets = new ArrayList<>(made.of(path(repository)));
        secrets.addAll(repository.hookSecrets());
        return secrets;
    }

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
}
