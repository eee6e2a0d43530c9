package airlock.local;

import airlock.event.GitDepth;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.run.CommitPlans;
import airlock.source.CommitFile;
import airlock.source.LocalSource;
import airlock.source.SourceLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The plans of a directory that a person selects.
///
/// @param chosen the selected plans
/// @param mistake why none are selected
public record LocalPlans(List<Chosen> chosen, Optional<String> mistake) {
    private static final PlanReader READER = new PlanReader();

    public LocalPlans {
        chosen = List.copyOf(chosen);
    }

    /// A selection.
    ///
    /// @param plan the name of one plan; empty for all
    /// @param cell the name of one cell of its matrix; empty for all
    public record Wish(Optional<String> plan, Optional<String> cell) {
        public static final Wish ALL = new Wish(Optional.empty(), Optional.empty());

        private static boolean is(Optional<String> wanted, String name) {
            return wanted.map(name::equals).orElse(true);
        }
    }

    /// A selected plan.
    ///
    /// @param cells the selected cells of its matrix; one without a name if it has no matrix
    public record Chosen(PlanPath path, PlanReading reading, byte[] text, List<String> cells) {
        /// The history that it needs; none if it cannot be read, which is reported later.
        GitDepth git() {
            return reading instanceof PlanReading.Read read ? read.plan().git() : GitDepth.NONE;
        }

        private Chosen of(Wish wish) {
            return new Chosen(
                    path,
                    reading,
                    text,
                    cells.stream().filter(cell -> Wish.is(wish.cell, cell)).toList());
        }
    }

    /// Selects plans of a directory.
    public static LocalPlans in(Path directory, Wish wish) {
        return of(
                new LocalSource(SourceLimits.DEFAULT).planFiles(directory, PlanPath.WANTED), wish);
    }

    static LocalPlans of(List<CommitFile> files, Wish wish) {
        var plans = CommitPlans.of(files);
        var all =
                plans.paths().stream()
                        .map(
                                path ->
                                        chosen(
                                                path,
                                                plans.read(READER, path),
                                                plans.text(path).orElse(new byte[0])))
                        .toList();
        var named = all.stream().filter(plan -> Wish.is(wish.plan, plan.path.name())).toList();
        var chosen =
                named.stream()
                        .map(plan -> plan.of(wish))
                        .filter(plan -> !plan.cells.isEmpty())
                        .toList();
        var mistake =
                plans.mistake()
                        .or(() -> tooMany(all))
                        .or(() -> missing(all, named, wish, chosen.isEmpty()));
        return new LocalPlans(mistake.isEmpty() ? chosen : List.of(), mistake);
    }

    private static Chosen chosen(PlanPath path, PlanReading reading, byte[] text) {
        return new Chosen(
                path,
                reading,
                text,
                reading instanceof PlanReading.Read read ? read.plan().cells() : List.of(""));
    }

    private static Optional<String> tooMany(List<Chosen> all) {
        int runs = all.stream().mapToInt(plan -> plan.cells().size()).sum();
        return runs > PlanPath.MOST
                ? Optional.of(
                        "there are %,d runs, plans and cells of their matrices together; at most %d"
                                .formatted(runs, PlanPath.MOST))
                : Optional.empty();
    }

    private static Optional<String> missing(
            List<Chosen> all, List<Chosen> named, Wish wish, boolean none) {
        if (!none) {
            return Optional.empty();
        }
        if (all.isEmpty()) {
            return Optional.of(
                    "no %s, no plan in %s and no %s"
                            .formatted(
                                    PlanFile.AIRLOCK.path(),
                                    PlanPath.FOLDER,
                                    PlanFile.AMBIENT.path()));
        }
        if (named.isEmpty()) {
            return Optional.of(
                    "no plan is called %s; there are %s"
                            .formatted(
                                    wish.plan.orElse(""), joined(all, plan -> plan.path.name())));
        }
        return Optional.of(
                "no cell is called %s; there are %s"
                        .formatted(
                                wish.cell.orElse(""),
                                joined(named, plan -> String.join(", ", plan.cells))));
    }

    private static String joined(List<Chosen> plans, Function<Chosen, String> what) {
        return plans.stream().map(what).collect(Collectors.joining(", "));
    }

    GitDepth gitOfFirst() {
        return chosen.isEmpty() ? GitDepth.NONE : chosen.getFirst().git();
    }
}
