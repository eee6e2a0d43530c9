package airlock.local;

import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.control.Console;
import airlock.event.GitDepth;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.phases.PhaseParts;
import airlock.plan.DriveRules;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.plan.PlanReading;
import airlock.queue.Planning.NewRun;
import airlock.source.CommitFile;
import airlock.source.LocalSource;
import airlock.source.LocalSource.Local;
import airlock.source.Refused;
import airlock.source.SourceLimits;
import airlock.vm.Drive;
import airlock.vm.VmHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs the plans of a directory as it is on this machine, without a forge, a server or secrets: as
/// for a push to a ref that is not listed, so without post_plan.
public final class LocalRun {
    private static final int MOST_NAMED = 20;
    private static final String ARTIFACTS = DriveRules.word(Drive.ARTIFACTS);

    private final Path work;
    private final Machines machines;
    private final LocalSettings settings;
    private final InstantSource clock;

    /// @param work an empty directory for temporary files
    /// @param machines called once there is a plan to run
    public LocalRun(Path work, Machines machines, LocalSettings settings, InstantSource clock) {
        this.work = work;
        this.machines = machines;
        this.settings = settings;
        this.clock = clock;
    }

    /// An order for runs.
    ///
    /// @param directory the checkout
    /// @param output the directory for artifacts
    public record Order(Path directory, LocalPlans.Wish wish, Optional<Path> output) {}

    /// The result of preparing an image.
    public sealed interface Ready {}

    /// Starts VMs from it.
    public record Machine(VmHost host, PhaseParts.Images images) implements Ready {}

    /// No image has that name.
    public record NoImage(String why) implements Ready {}

    /// Prepares images, which may take minutes.
    @FunctionalInterface
    public interface Machines {
        Ready ready(String image) throws InterruptedException;

        @FunctionalInterface
        interface Failed {
            /// Opens a console; the caller closes it.
            ///
            /// @throws AppException if that fails
            Console enter(int columns, int rows) throws InterruptedException;
        }
    }

    /// Receives the events of a run.
    public interface Listener {
        /// A line that a person should read.
        void note(String line);

        /// A piece of the log.
        ///
        /// @param step its name, which differs from the previous step's
        /// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 Airlock
        /// @param bytes from the guest: never to be shown unfiltered
        void log(String step, int stream, byte[] bytes);

        /// Whether to keep the VM of a failed phase.
        default boolean keepsFailed() {
            return false;
        }

        /// A phase has failed; its VM stays until this returns.
        default void failed(String reason, Machines.Failed machine) throws InterruptedException {}
    }

    /// How a local run ended.
    ///
    /// @param reason one line for people, may be empty
    public record Outcome(Verdict verdict, String reason) {}

    /// The directory whose plans `directory` means: itself if it has a plan, else the top of its
    /// git checkout.
    public static Path checkout(Path directory) {
        if (Files.isDirectory(directory.resolve(PlanPath.FOLDER))
                || Arrays.stream(PlanFile.values())
                        .anyMatch(file -> Files.exists(directory.resolve(file.path())))) {
            return directory;
        }
        for (Path up = directory; up != null; up = up.getParent()) {
            if (Files.exists(up.resolve(".git"))) {
                return up;
            }
        }
        return directory;
    }

    /// Runs all plans of `directory`, one after another.
    public Outcome run(Path directory, Listener listener) throws InterruptedException {
        return run(new Order(directory, LocalPlans.Wish.ALL, Optional.empty()), listener);
    }

    /// Runs plans of a directory.
    public Outcome run(Order order, Listener listener) throws InterruptedException {
        Path directory = order.directory();
        var wish = order.wish();
        var packed =
                pack(
                        directory,
                        work.resolve("source.tar"),
                        files -> LocalPlans.of(files, wish).gitOfFirst());
        return switch (packed) {
            case Refused refused -> new Outcome(Verdict.FAILED, refused.why());
            case Local.Packed source -> {
                told(listener, directory, source);
                var plans = LocalPlans.of(source.planFiles(), wish);
                var mistake = plans.mistake();
                yield mistake.isPresent()
                        ? new Outcome(Verdict.INVALID_PLAN, mistake.get() + " in " + directory)
                        : all(order, plans, source.tar(), listener);
            }
        };
    }

    private static Local pack(Path directory, Path tar, Function<List<CommitFile>, GitDepth> git) {
        return new LocalSource(SourceLimits.DEFAULT).pack(directory, tar, PlanPath.WANTED, git);
    }

    /// Reports what may surprise a person about the source.
    static void told(Listener listener, Path directory, Local.Packed source) {
        if (!Files.exists(directory.resolve(".git"))) {
            listener.note("no git repository: all that .gitignore does not name is taken");
        }
        named(listener, "not committed", source.uncommitted());
        named(listener, "submodules, so empty in the run", source.submodules());
        named(listener, "left out, since they are no files", source.skipped());
    }

    private static void named(Listener listener, String what, List<String> paths) {
        if (!paths.isEmpty()) {
            int others = paths.size() - MOST_NAMED;
            listener.note(
                    what
                            + ": "
                            + String.join(", ", paths.stream().limit(MOST_NAMED).toList())
                            + (others > 0 ? " and " + others + " more" : ""));
        }
    }

    /// @param first the tar with the history that the first plan needs
    private Outcome all(Order order, LocalPlans plans, Path first, Listener listener)
            throws InterruptedException {
        boolean isOne = plans.chosen().size() == 1 && plans.chosen().getFirst().cells().size() == 1;
        var tars = new EnumMap<GitDepth, Path>(Map.of(plans.gitOfFirst(), first));
        var outcomes = new LinkedHashMap<String, Outcome>();
        for (var plan : plans.chosen()) {
            if (!tars.containsKey(plan.git())) {
                Path tar = work.resolve("source-" + plan.git().word() + ".tar");
                switch (pack(order.directory(), tar, _ -> plan.git())) {
                    case Refused refused -> {
                        return new Outcome(Verdict.FAILED, refused.why());
                    }
                    case Local.Packed _ -> tars.put(plan.git(), tar);
                }
            }
            Path tar = Objects.requireNonNull(tars.get(plan.git()));
            for (String cell : plan.cells()) {
                String name = plan.path().name() + (cell.isEmpty() ? "" : " (" + cell + ")");
                if (!isOne) {
                    listener.note("plan " + name);
                }
                var output = order.output().map(top -> isOne ? top : place(top, plan.path(), cell));
                outcomes.put(name, one(new Cell(plan, cell, tar, output), listener));
            }
        }
        return together(outcomes);
    }

    private static Outcome together(Map<String, Outcome> outcomes) {
        if (outcomes.size() == 1) {
            return outcomes.values().iterator().next();
        }
        var worst =
                outcomes.values().stream()
                        .map(Outcome::verdict)
                        .reduce(Verdict.PASSED, Verdict::worse);
        return new Outcome(
                worst,
                outcomes.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue().verdict().word())
                        .collect(Collectors.joining(", ")));
    }

    /// If there are several runs, each has its own directory for artifacts.
    private static Path place(Path top, PlanPath plan, String cell) {
        Path place = top.resolve(plan.name());
        // a matrix value is any text without control characters
        return cell.isEmpty() ? place : place.resolve(cell.replace('/', '_'));
    }

    /// One cell of a plan; the only one if the plan has no matrix.
    private record Cell(LocalPlans.Chosen chosen, String name, Path tar, Optional<Path> output) {}

    private Outcome one(Cell cell, Listener listener) throws InterruptedException {
        var chosen = cell.chosen();
        return switch (chosen.reading()) {
            case PlanReading.Absent _ ->
                    throw new IllegalStateException(chosen.path().path() + " is there");
            case PlanReading.Invalid(var problems, _, var report) -> {
                report.lines().forEach(listener::note);
                yield new Outcome(
                        Verdict.INVALID_PLAN,
                        problems.size() + (problems.size() == 1 ? " mistake" : " mistakes"));
            }
            case PlanReading.Read(var plan, var warnings) -> {
                warnings.forEach(warning -> listener.note(warning.toString()));
                var planOfCell = plan.ofCell(cell.name()).orElseThrow();
                settings.notes(planOfCell).forEach(listener::note);
                yield switch (machines.ready(settings.image(planOfCell))) {
                    case NoImage(var why) -> new Outcome(Verdict.INVALID_PLAN, why);
                    case Machine machine -> conducted(planOfCell, cell, machine, listener);
                };
            }
        };
    }

    private Outcome conducted(Plan plan, Cell cell, Machine machine, Listener listener)
            throws InterruptedException {
        var run =
                NewRun.own(
                        plan.name(),
                        cell.name(),
                        cell.chosen().path().path(),
                        cell.chosen().text(),
                        cell.tar().toString());
        // a person's checkout has no secrets, and any image that its plan names
        var own =
                new PhaseSettings(
                        settings.image(plan),
                        PlanRules.STANDARD,
                        settings.limits(),
                        LocalConductor.BRANCH,
                        SecretsConfig.NOTHING,
                        settings.network(),
                        settings.config().destinations());
        var upstream = settings.config().upstreamProxy();
        var terms = new LocalConductor.Terms(TrustClass.INSIDE, own, upstream, Set.of(), Map.of());
        var conducted = LocalConductor.conduct(directory(), machine, terms, clock, run, listener);
        var artifacts = conducted.outputs().get(ARTIFACTS);
        cell.output().ifPresent(place -> listener.note(ArtifactFiles.write(artifacts, place)));
        return conducted.outcome();
    }

    private Path directory() {
        try {
            return Files.createTempDirectory(work, "run");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + work, e);
        }
    }
}
