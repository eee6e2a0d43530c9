package airlock.plan;

import airlock.config.AllowedHost;
import airlock.event.Phase;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The `network` of a plan file: all places that a phase wants to connect to, of which the operator
/// lets some.
final class PlanNetworkSection {
    private static final int MOST_HOSTS = 500;
    private static final Type<List<AllowedHost>> HOSTS =
            Compounds.list(
                    Scalars.TEXT.as("HOST:PORT or *.DOMAIN", PlanNetworkSection::entry),
                    0,
                    MOST_HOSTS);

    private final Map<Phase, Key<List<AllowedHost>>> lists = new EnumMap<>(Phase.class);

    PlanNetworkSection() {
        for (Phase phase : List.of(Phase.PRE_PLAN, Phase.POST_PLAN)) {
            lists.put(phase, Key.free(phase.key(), HOSTS, "all that the operator lets", ""));
        }
    }

    private static AllowedHost entry(String text) {
        var entry = AllowedHost.of(text);
        if (entry.address().isPresent()) {
            throw new IllegalArgumentException("has an address, which only the operator can say");
        }
        return entry;
    }

    Section<Map<Phase, List<AllowedHost>>> section() {
        return new Section<>(
                "network", "Less than the operator lets.", List.copyOf(lists.values()), this::make);
    }

    private Map<Phase, List<AllowedHost>> make(Values values) {
        var wanted = new EnumMap<Phase, List<AllowedHost>>(Phase.class);
        lists.forEach(
                (phase, key) -> values.find(key).ifPresent(hosts -> wanted.put(phase, hosts)));
        return wanted;
    }
}
