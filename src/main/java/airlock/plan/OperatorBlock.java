package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.vm.Drive;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a plan needs of the operator, as a part of a configuration to be filled in: mirrors, image,
/// sizes, places, targets and secrets.
public final class OperatorBlock {
    private static final List<Phase> TRUSTED = List.of(Phase.PRE_PLAN, Phase.POST_PLAN);
    private static final String MIRROR = "mirrors.";
    private static final String TARGET = "repositories[].targets.";

    /// What may stand for a target until the operator has one.
    private static final Map<String, String> TARGETS =
            Map.of(
                    "rsync", "www@upload.example.org:/srv/www",
                    "dput", "{name: ours, host: upload.example.org, incoming: /srv/incoming}");

    private final Plan plan;
    private final StringBuilder text = new StringBuilder();

    public OperatorBlock(Plan plan) {
        this.plan = plan;
    }

    /// The text in YAML.
    public String text() {
        line(0, "# What %s needs of the operator.".formatted(plan.path()));
        line(
                0,
                "# Change what says \"example.org\" and \"alice\"; docs/configuration.md explains it.");
        mirrors();
        line(0, "repositories:");
        line(1, "- name: alice/hello");
        line(2, "forge: forge");
        line(2, "url: https://forge.example.org/alice/hello.git");
        line(2, "# The image must have what the plan calls (`airlock image list`).");
        line(2, "image: debian-13");
        sizes();
        network();
        targets();
        secrets();
        return text.toString();
    }

    private void mirrors() {
        var keys = keys(MIRROR);
        if (!keys.isEmpty()) {
            line(0, "mirrors:");
            keys.forEach(
                    (key, users) ->
                            line(
                                    1,
                                    "%s: https://mirror.example.org/%s # %s"
                                            .formatted(key, key, users)));
        }
    }

    private void sizes() {
        if (!plan.sizes().isEmpty()) {
            line(2, "limits:");
            for (Drive drive : List.of(Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES)) {
                Long size = plan.sizes().get(drive);
                if (size != null) {
                    line(3, "%s: %d".formatted(DriveRules.word(drive), size));
                }
            }
        }
    }

    private void network() {
        line(2, "network:");
        for (Phase phase : TRUSTED) {
            if (plan.actionsOf(phase).isEmpty()) {
                continue;
            }
            var places = new TreeMap<String, Set<String>>();
            for (Action action : plan.actionsOf(phase)) {
                action.places(Destinations.NONE)
                        .forEach(
                                place ->
                                        places.computeIfAbsent(place, _ -> new LinkedHashSet<>())
                                                .add(action.name()));
            }
            line(3, phase.key() + ":");
            line(4, "# observe lets it connect to all public addresses; `airlock network suggest`");
            line(4, "# then prints the list that was needed, for `enforce`.");
            line(4, "mode: observe");
            line(4, places.isEmpty() ? "allow: []" : "allow:");
            places.forEach(
                    (place, users) ->
                            line(5, "- %s # %s".formatted(place, String.join(", ", users))));
        }
        if (TRUSTED.stream().allMatch(phase -> plan.actionsOf(phase).isEmpty())) {
            line(3, "{} # no phase of the plan has a network");
        }
    }

    private void targets() {
        var keys = keys(TARGET);
        if (!keys.isEmpty()) {
            line(2, "targets:");
            keys.forEach(
                    (key, users) ->
                            line(
                                    3,
                                    "%s: %s # %s"
                                            .formatted(
                                                    key, TARGETS.getOrDefault(key, "…"), users)));
            line(2, "secrets:");
            line(3, "# `airlock secret new alice/hello` makes the key and prints its public half.");
            line(3, "drive: [post_plan]");
        }
    }

    private void secrets() {
        var names = new TreeMap<String, Set<String>>();
        for (Phase phase : TRUSTED) {
            plan.actionsOf(phase).stream()
                    .flatMap(action -> action.secrets().stream())
                    .forEach(
                            name ->
                                    names.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                                            .add(phase.key()));
        }
        if (!names.isEmpty()) {
            if (keys(TARGET).isEmpty()) {
                line(2, "secrets:");
            }
            line(3, "# Each is given by `airlock secret set`.");
            line(3, "variables:");
            names.forEach(
                    (name, phases) ->
                            line(
                                    4,
                                    "- {name: %s, phases: [%s]}"
                                            .formatted(name, String.join(", ", phases))));
        }
    }

    /// What stands behind `prefix` in keys that actions need, with the names of those actions.
    private Map<String, String> keys(String prefix) {
        var found = new TreeMap<String, String>();
        Stream.of(Phase.values())
                .flatMap(phase -> plan.actionsOf(phase).stream())
                .forEach(
                        action ->
                                action.lacks(Destinations.NONE)
                                        .filter(key -> key.startsWith(prefix))
                                        .ifPresent(
                                                key ->
                                                        found.merge(
                                                                key.substring(prefix.length()),
                                                                action.name(),
                                                                OperatorBlock::both)));
        return found;
    }

    private static String both(String some, String name) {
        return List.of(some.split(", ")).contains(name) ? some : some + ", " + name;
    }

    private void line(int depth, String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
    }
}
