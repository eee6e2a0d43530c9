package airlock.cli;

import airlock.config.HostName;
import airlock.config.PhaseNetwork;
import airlock.config.RepositoryConfig;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.yaml.Position;
import airlock.yaml.Problem;
import airlock.yaml.Problems;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds errors and likely mistakes in a plan file.
///
/// @param repository if given, the plan is also checked against its targets, mirrors and network
/// @param shells checks `shell` actions
record Linter(Optional<RepositoryConfig> repository, ShellCheck shells) {
    /// The problems of a plan file.
    ///
    /// @param problems errors and warnings in the order of the file
    /// @param checkedShells whether `shell` actions were checked
    record Found(List<Problem> problems, boolean checkedShells) {
        Found {
            problems = List.copyOf(problems);
        }

        long errors() {
            return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
        }
    }

    /// @param called the file's name for people
    Found lint(PlanFile file, byte[] bytes, String called) {
        var reader =
                repository
                        .map(settings -> new PlanReader(settings.destinations()))
                        .orElseGet(PlanReader::new);
        var all = new ArrayList<Problem>();
        var more = new Problems(called);
        switch (reader.read(file, bytes, called)) {
            case PlanReading.Read(_, var warnings) -> all.addAll(warnings);
            case PlanReading.Invalid invalid -> {
                all.addAll(invalid.problems());
                all.addAll(invalid.warnings());
            }
            case PlanReading.Absent _ -> throw new IllegalStateException(called + " was read");
        }
        repository.ifPresent(settings -> network(file, bytes, settings, more));
        boolean checked = shells(bytes, called, more);
        all.addAll(more.listWarnings());
        all.sort(Problem.ORDER);
        return new Found(all, checked);
    }

    private boolean shells(byte[] bytes, String called, Problems more) {
        // YAML errors have been reported already
        var aside = new Problems(called);
        var top = new YamlReader(YamlLimits.HAND_WRITTEN).read(bytes, aside.top());
        var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        return top.isEmpty() || shells.warn(top.get(), more.top(), lines);
    }

    /// Reads the plan without the configured destinations, to report missing network entries as
    /// well.
    private static void network(
            PlanFile file, byte[] bytes, RepositoryConfig settings, Problems more) {
        switch (new PlanReader().read(file, bytes)) {
            case PlanReading.Read(var plan, _) -> network(plan, settings, more);
            case PlanReading.Invalid _, PlanReading.Absent _ -> {} // reported already
        }
    }

    private static void network(Plan plan, RepositoryConfig settings, Problems more) {
        for (Phase phase : List.of(Phase.PRE_PLAN, Phase.POST_PLAN)) {
            var granted = settings.network().of(phase, TrustClass.LISTED);
            var left = plan.settings().network().of(phase).map(granted::narrowed).orElse(granted);
            var place = more.top().key(phase.key(), Position.START);
            for (var action : plan.actionsOf(phase)) {
                action.places(settings.destinations()).stream()
                        .filter(needed -> !lets(left, needed))
                        .forEach(
                                needed ->
                                        place.warning(
                                                ("%s connects to %s, which is not allowed: "
                                                                + "`%s` is missing in %s")
                                                        .formatted(
                                                                action.name(),
                                                                needed,
                                                                needed,
                                                                lets(granted, needed)
                                                                        ? "the plan's own network"
                                                                        : "repositories[].network."
                                                                                + phase.key()
                                                                                + ".allow")));
            }
        }
    }

    private static boolean lets(PhaseNetwork network, String place) {
        int colon = place.lastIndexOf(':');
        int port = Integer.parseInt(place.substring(colon + 1));
        return switch (HostName.read(place.substring(0, colon))) {
            case HostName.Reading.Named(var host) -> network.lets(host, port);
            case HostName.Reading.Refused _ -> false; // an address is never listed
        };
    }
}
