package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Place;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The mirrors that actions of all repositories fetch from; URLs without a slash at the end.
record Mirrors(Map<Mirror, URI> all) {
    static final Mirrors NONE = new Mirrors(Map.of());

    Mirrors {
        all = Map.copyOf(all);
    }

    static Section<Mirrors> section() {
        return new Section<>(
                "mirrors",
                "Where actions fetch packages from. List their hosts in the `network` of the"
                        + " repositories, too.",
                Stream.of(Mirror.values()).<Key<?>>map(Mirror::setting).toList(),
                Mirrors::of);
    }

    private static Mirrors of(Values values) {
        var all = new EnumMap<Mirror, URI>(Mirror.class);
        for (Mirror mirror : Mirror.values()) {
            values.find(mirror.setting()).ifPresent(url -> all.put(mirror, url));
        }
        return new Mirrors(all);
    }

    /// Warns of mirrors that no action can reach.
    void check(Place place, List<RepositoryConfig> repositories) {
        all.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(
                        mirror ->
                                repositories.stream()
                                        .noneMatch(each -> lets(each, mirror.getValue())))
                .forEach(
                        mirror ->
                                place.warning(
                                        "no repository lists %s in network.pre_plan.allow, so no action reaches %s"
                                                .formatted(
                                                        Addresses.place(mirror.getValue()),
                                                        mirror.getKey().path())));
    }

    private static boolean lets(RepositoryConfig repository, URI url) {
        var network = repository.network();
        return switch (HostName.read(url.getHost())) {
            case HostName.Reading.Refused _ -> false;
            case HostName.Reading.Named(var host) ->
                    Stream.of(network.prePlan(), network.outside(), network.postPlan())
                            .anyMatch(phase -> phase.lets(host, Addresses.port(url)));
        };
    }
}
