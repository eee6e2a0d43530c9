package airlock.plan;

import airlock.config.Glob;
import airlock.plan.CacheRule.Writers;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;

/// The keys of a plan file about archives that outlive its machines.
final class KeepingSection {
    private static final int MOST_PATTERNS = 20;
    private static final Key<Boolean> REUSE = Key.or("reuse", Scalars.FLAG, false, "false", "");

    private static final Key<String> NAME =
            Key.or(
                    "name",
                    Texts.matching("a name such as go-build", "[a-z0-9][a-z0-9._-]{0,62}"),
                    "",
                    "the plan's own",
                    "");
    private static final Key<List<Glob>> FILES =
            Key.or(
                    "key",
                    patterns("a pattern for paths from the top of the tree, such as **/go.sum"),
                    List.of(),
                    "[]",
                    "");
    private static final Key<Writers> WRITE =
            Key.or(
                    "write",
                    Scalars.choice(List.of(Writers.values()), Writers::word),
                    Writers.ALL,
                    "all",
                    "");
    private static final Section<CacheRule> CACHE_SECTION =
            new Section<>(
                    "cache",
                    "What becomes of the cache.",
                    List.of(NAME, FILES, WRITE),
                    values ->
                            new CacheRule(values.get(NAME), values.get(FILES), values.get(WRITE)));
    private static final Key<CacheRule> CACHE =
            Key.or("cache", CACHE_SECTION, CacheRule.STANDARD, "{}", "");

    private static final Key<List<Glob>> PATHS =
            Key.or(
                    "paths",
                    patterns("a pattern for paths below /ci/artifacts, such as debian/**"),
                    List.of(),
                    "all",
                    "");
    private static final Key<Duration> KEEP =
            Key.free(
                    "keep",
                    Scalars.duration(Duration.ofMinutes(1), Duration.ofDays(3650)),
                    "the operator's",
                    "");
    private static final Section<ArtifactRule> ARTIFACTS_SECTION =
            new Section<>(
                    "artifacts",
                    "What becomes of artifacts.",
                    List.of(PATHS, KEEP),
                    values -> new ArtifactRule(values.get(PATHS), values.find(KEEP)));
    private static final Key<ArtifactRule> ARTIFACTS =
            Key.or("artifacts", ARTIFACTS_SECTION, ArtifactRule.STANDARD, "{}", "");

    /// In the order of the documentation.
    static final List<Key<?>> KEYS = List.of(REUSE, CACHE, ARTIFACTS);

    private KeepingSection() {}

    private static Type<List<Glob>> patterns(String what) {
        return Compounds.list(Scalars.TEXT.as(what, PlanWhen::path), 1, MOST_PATTERNS);
    }

    static Keeping make(Values values) {
        return new Keeping(values.get(REUSE), values.get(CACHE), values.get(ARTIFACTS));
    }
}
