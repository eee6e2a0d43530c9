package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.Drive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes the part of a configuration that plans need: mirrors, images, sizes, places, targets and
/// secrets, with examples for values that are unknown.
public final class OperatorBlock {
    private static final List<Phase> TRUSTED = List.of(Phase.PRE_PLAN, Phase.POST_PLAN);
    private static final String MIRROR = "mirrors.";
    private static final String TARGET = "repositories[].targets.";
    private static final Drive[] SIZED = {Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES};

    /// The bounds of a drive's size in a configuration.
    private static final long LEAST_SIZE = 1L << 20;

    private static final long MOST_SIZE = 1L << 44;

    /// Examples of targets.
    private static final Map<String, String> TARGETS =
            Map.of(
                    "rsync", "www@upload.example.org:/srv/www",
                    "dput", "{name: ours, host: upload.example.org, incoming: /srv/incoming}");

    private static final String PLACE_OF_TARGETS = "upload.example.org:22";

    private final List<Repository> repositories;
    private final StringBuilder text = new StringBuilder();

    /// Creates the block of one plan, whose repository is unknown.
    public OperatorBlock(Plan plan) {
        this(List.of(Repository.of(plan)));
        line(0, "# What %s needs of the operator.".formatted(plan.path()));
        line(
                0,
                "# Change what says \"example.org\" and \"alice\"; docs/configuration.md explains"
                        + " it.");
    }

    public OperatorBlock(List<Repository> repositories) {
        this.repositories = List.copyOf(repositories);
    }

    /// A repository in the block. All texts except `remarks` are YAML.
    ///
    /// @param name `OWNER/NAME`
    /// @param remarks comment lines before it
    /// @param targets values of the keys of `targets`
    /// @param places further places for its post_plan
    /// @param secrets lines below `secrets`
    public record Repository(
            Plan plan,
            String name,
            String image,
            List<String> remarks,
            Map<String, String> targets,
            Set<String> places,
            List<String> secrets) {
        public Repository {
            remarks = List.copyOf(remarks);
            targets = Map.copyOf(targets);
            places = Set.copyOf(places);
            secrets = List.copyOf(secrets);
        }

        static Repository of(Plan plan) {
            return new Repository(
                    plan,
                    "alice/hello",
                    "debian-13",
                    List.of("The image must have what the plan calls (`airlock image list`)."),
                    Map.of(),
                    Set.of(),
                    List.of());
        }
    }

    public String text() {
        mirrors();
        line(0, repositories.isEmpty() ? "repositories: []" : "repositories:");
        repositories.forEach(this::repository);
        return text.toString();
    }

    private void repository(Repository repository) {
        repository.remarks().forEach(remark -> line(1, "# " + SafeText.line(remark)));
        line(1, "- name: " + repository.name());
        line(2, "forge: forge");
        line(2, "url: https://forge.example.org/%s.git".formatted(repository.name()));
        line(2, "image: " + repository.image());
        sizes(repository.plan());
        network(repository);
        targets(repository);
        secrets(repository);
    }

    private void mirrors() {
        var keys = new Users();
        repositories.forEach(repository -> keys.ofKeys(repository.plan(), MIRROR));
        if (!keys.isEmpty()) {
            line(0, "mirrors:");
            keys.forEach(
                    (key, users) ->
                            line(1, key + ": https://mirror.example.org/" + key + said(users)));
        }
    }

    /// Needed things with the names of their users.
    private static final class Users extends TreeMap<String, Set<String>> {
        void add(String needed, String user) {
            computeIfAbsent(needed, _ -> new LinkedHashSet<>()).add(user);
        }

        /// Adds the keys with `prefix` that actions of `plan` need, without the prefix.
        Users ofKeys(Plan plan, String prefix) {
            for (Phase phase : Phase.values()) {
                for (Action action : plan.actionsOf(phase)) {
                    action.lacks(Destinations.NONE)
                            .filter(key -> key.startsWith(prefix))
                            .ifPresent(key -> add(key.substring(prefix.length()), action.name()));
                }
            }
            return this;
        }
    }

    private static String said(Set<String> users) {
        return " # " + String.join(", ", users);
    }

    private void sizes(Plan plan) {
        if (Stream.of(SIZED).allMatch(drive -> plan.sizeOf(drive).isEmpty())) {
            return;
        }
        line(2, "limits:");
        for (Drive drive : SIZED) {
            plan.sizeOf(drive)
                    .ifPresent(
                            size -> {
                                long taken = Math.clamp(size, LEAST_SIZE, MOST_SIZE);
                                line(3, DriveRules.word(drive) + ": " + taken);
                            });
        }
    }

    private void network(Repository repository) {
        Plan plan = repository.plan();
        line(2, "network:");
        for (Phase phase : TRUSTED) {
            if (!plan.actionsOf(phase).isEmpty()) {
                line(3, phase.key() + ":");
                line(4, "# observe lets it connect to all public addresses; then");
                line(
                        4,
                        "# `airlock network suggest` prints the list that was needed, for"
                                + " `enforce`.");
                line(4, "mode: observe");
                var places = places(repository, phase);
                line(4, places.isEmpty() ? "allow: []" : "allow:");
                places.forEach((place, users) -> line(5, "- " + place + said(users)));
            }
        }
        if (TRUSTED.stream().allMatch(phase -> plan.actionsOf(phase).isEmpty())) {
            line(3, "{} # no phase of the plan has a network");
        }
    }

    /// Places that a phase certainly connects to, with the actions that do.
    private static Users places(Repository repository, Phase phase) {
        var places = new Users();
        for (Action action : repository.plan().actionsOf(phase)) {
            action.places(Destinations.NONE).forEach(place -> places.add(place, action.name()));
        }
        if (phase == Phase.POST_PLAN) {
            repository.places().forEach(place -> places.add(place, "targets"));
            var known = repository.targets().keySet();
            if (!known.containsAll(targets(repository.plan()).keySet())) {
                places.add(PLACE_OF_TARGETS, "targets");
            }
        }
        return places;
    }

    private static Users targets(Plan plan) {
        return new Users().ofKeys(plan, TARGET);
    }

    private void targets(Repository repository) {
        var keys = targets(repository.plan());
        repository.targets().keySet().forEach(key -> keys.putIfAbsent(key, Set.of("not used yet")));
        if (!keys.isEmpty()) {
            line(2, "targets:");
            keys.forEach(
                    (key, users) -> line(3, key + ": " + target(repository, key) + said(users)));
        }
    }

    private static String target(Repository repository, String key) {
        return repository.targets().getOrDefault(key, TARGETS.getOrDefault(key, "…"));
    }

    private void secrets(Repository repository) {
        var names = variables(repository.plan());
        var lines = new ArrayList<>(repository.secrets());
        if (lines.isEmpty() && !targets(repository.plan()).isEmpty()) {
            lines.add(
                    "# `airlock secret new %s` makes the key and prints its public half."
                            .formatted(repository.name()));
            lines.add("drive: [post_plan]");
        }
        if (lines.isEmpty() && names.isEmpty()) {
            return;
        }
        line(2, "secrets:");
        lines.forEach(line -> line(3, line));
        if (!names.isEmpty()) {
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

    /// The variables that actions use, with their phases.
    private static Users variables(Plan plan) {
        var names = new Users();
        for (Phase phase : TRUSTED) {
            plan.actionsOf(phase).stream()
                    .flatMap(action -> action.secrets().stream())
                    .forEach(name -> names.add(name, phase.key()));
        }
        return names;
    }

    private void line(int depth, String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
    }
}
