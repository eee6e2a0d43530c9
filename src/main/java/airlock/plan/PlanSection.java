package airlock.plan;

import airlock.config.AllowedHost;
import airlock.event.Phase;
import airlock.vm.Drive;
import airlock.yaml.Binder;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The keys of a plan file: those of Ambient, and in Airlock's own more.
final class PlanSection {
    /// More than anybody needs, and few enough that a phase's steps fit in memory many times.
    static final int MOST_ACTIONS = 500;

    /// All variables that one phase sets, in bytes, names included: each program gets all of them.
    static final int LARGEST_ENVIRONMENT = 64 * 1024;

    private static final long LARGEST_DRIVE = 1L << 50;

    private final PlanFile file;
    private final Map<Phase, Key<List<Action>>> phases = new EnumMap<>(Phase.class);
    private final Map<Drive, Key<Long>> sizes = new EnumMap<>(Drive.class);
    private final Key<PlanLimits> limits =
            Key.or(
                    "limits",
                    Binder.standard().section(PlanLimits.class),
                    PlanLimits.NONE,
                    "{}",
                    "");
    private final Key<Map<Phase, List<AllowedHost>>> network =
            Key.or("network", new PlanNetworkSection().section(), Map.of(), "{}", "");

    private final PlanSettingsKeys settings;
    private final OperatorsWord word;

    PlanSection(PlanFile file) {
        this(file, OperatorsWord.UNKNOWN);
    }

    PlanSection(PlanFile file, OperatorsWord word) {
        this.file = file;
        this.word = word;
        this.settings = new PlanSettingsKeys(word.images());
        for (Phase phase : Phase.values()) {
            Type<List<Action>> list =
                    Compounds.list(
                            new ActionType(file, phase, action -> word.hinders(action, phase)),
                            0,
                            MOST_ACTIONS);
            phases.put(
                    phase,
                    Key.or(phase.key(), Compounds.orNothing(list, List.of()), List.of(), "[]", ""));
        }
        sizes.put(Drive.ARTIFACTS, size("artifact_max_size"));
        sizes.put(Drive.CACHE, size("cache_max_size"));
        sizes.put(Drive.DEPENDENCIES, size("dependencies_max_size"));
    }

    private Key<Long> size(String name) {
        return Key.free(name, sizeType(), "the operator's", "");
    }

    /// Ambient takes bytes only.
    private Type<Long> sizeType() {
        return switch (file) {
            case AIRLOCK -> Scalars.size(0, LARGEST_DRIVE);
            case AMBIENT -> Scalars.integer(0, LARGEST_DRIVE);
        };
    }

    Section<Plan> section() {
        var keys = new ArrayList<Key<?>>(phases.values());
        keys.addAll(sizes.values());
        switch (file) {
            case AIRLOCK -> {
                keys.addAll(List.of(limits, network));
                keys.addAll(PlanSettingsKeys.ALL);
            }
            case AMBIENT -> {} // has none
        }
        return new Section<>(file.path(), "A plan file.", keys, this::make);
    }

    private Plan make(Values values) {
        PlanSettings ofAll = settings(values);
        int before = PlanSettingsKeys.environmentBytes(ofAll);
        Map<Phase, List<Action>> actions = new EnumMap<>(Phase.class);
        Map<Phase, Place> places = new EnumMap<>(Phase.class);
        phases.forEach(
                (phase, key) -> {
                    List<Action> list = values.get(key);
                    int size = before + environmentSize(list);
                    if (size > LARGEST_ENVIRONMENT && before <= LARGEST_ENVIRONMENT) {
                        values.place(key)
                                .error(
                                        "sets variables of %,d bytes".formatted(size),
                                        "at most %,d".formatted(LARGEST_ENVIRONMENT));
                    }
                    actions.put(phase, list);
                    places.put(phase, values.place(key));
                });
        Map<Drive, Long> asked = new EnumMap<>(Drive.class);
        sizes.forEach((drive, key) -> values.find(key).ifPresent(size -> asked.put(drive, size)));
        Pairs.warn(actions, places);
        var plan =
                new Plan(Plan.MAIN, file, actions, asked, limits(values), network(values), ofAll);
        phases.forEach((phase, key) -> checkCode(plan, phase, values.place(key)));
        return plan;
    }

    /// What a single action can't tell: that `env` reaches it.
    private void checkCode(Plan plan, Phase phase, Place place) {
        if (plan.runsCommit(phase)) {
            word.forbidden(phase).ifPresent(why -> place.error("with `env` it " + why));
        }
    }

    private PlanSettings settings(Values values) {
        return switch (file) {
            case AIRLOCK -> settings.make(values);
            case AMBIENT -> PlanSettings.of(file);
        };
    }

    private Map<Phase, List<AllowedHost>> network(Values values) {
        return switch (file) {
            case AIRLOCK -> values.get(network);
            case AMBIENT -> Map.of();
        };
    }

    private PlanLimits limits(Values values) {
        return switch (file) {
            case AIRLOCK -> values.get(limits);
            case AMBIENT -> PlanLimits.NONE;
        };
    }

    private static int environmentSize(List<Action> actions) {
        return actions.stream()
                .mapToInt(action -> Texts.environmentBytes(action.environment()))
                .sum();
    }
}
