package airlock.app;

import airlock.event.GitDepth;
import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.run.CommitPlans;
import airlock.source.LocalSource;
import airlock.source.PlanFile;
import airlock.source.SourceLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The plans of a directory that a person means.
///
/// @param chosen those, with what came of reading them
/// @param mistake why there are none; empty where there are
public record LocalPlans(List<Chosen> chosen, Optional<String> mistake) {
    private static final PlanReader READER = new PlanReader();

    public LocalPlans {
        chosen = List.copyOf(chosen);
    }

    /// A plan as it was found.
    public record Chosen(PlanPath path, PlanReading reading, byte[] text) {
        /// What it wants of the history; where there is none that can be read, that is told later.
        GitDepth git() {
            return reading instanceof PlanReading.Read read
                    ? read.plan().settings().git()
                    : GitDepth.NONE;
        }
    }

    /// All of `directory`, or the one called `name`.
    public static LocalPlans in(Path directory, Optional<String> name) {
        return of(
                new LocalSource(SourceLimits.DEFAULT).planFiles(directory, PlanPath.WANTED), name);
    }

    /// All among `files`, or the one called `name`.
    static LocalPlans of(List<PlanFile> files, Optional<String> name) {
        var plans = CommitPlans.of(files);
        var chosen =
                plans.paths().stream()
                        .filter(path -> name.map(path.name()::equals).orElse(true))
                        .map(
                                path ->
                                        new Chosen(
                                                path,
                                                plans.read(READER, path),
                                                plans.text(path).orElse(new byte[0])))
                        .toList();
        return new LocalPlans(
                plans.mistake().isEmpty() ? chosen : List.of(),
                plans.mistake()
                        .or(
                                () ->
                                        chosen.isEmpty()
                                                ? Optional.of(missing(plans, name))
                                                : Optional.empty()));
    }

    /// How much of the history the first of them wants.
    GitDepth gitOfFirst() {
        return chosen.isEmpty() ? GitDepth.NONE : chosen.getFirst().git();
    }

    private static String missing(CommitPlans plans, Optional<String> name) {
        if (plans.paths().isEmpty()) {
            return "no %s, no plan in %s and no %s"
                    .formatted(
                            airlock.plan.PlanFile.AIRLOCK.path(),
                            PlanPath.FOLDER,
                            airlock.plan.PlanFile.AMBIENT.path());
        }
        return "no plan is called %s; there are %s"
                .formatted(
                        name.orElse(""),
                        plans.paths().stream()
                                .map(PlanPath::name)
                                .collect(Collectors.joining(", ")));
    }
}
