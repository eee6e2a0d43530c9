package airlock.app;

import airlock.config.Limits;
import airlock.control.Console;
import airlock.event.GitDepth;
import airlock.event.Verdict;
import airlock.phases.PhaseParts;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.plan.PlanReading;
import airlock.queue.NewRun;
import airlock.source.Local;
import airlock.source.LocalSource;
import airlock.source.Refused;
import airlock.source.SourceLimits;
import airlock.store.Database;
import airlock.vm.VmHost;
import airlock.yaml.Shown;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The plans of a directory as it lies there, run on this machine without a forge, a server or a
/// secret: as a push to a branch that nobody lists, so without post_plan.
public final class LocalRun {
    private static final int MOST_NAMED = 20;

    private final Path work;
    private final Machines machines;
    private final Limits limits;
    private final InstantSource clock;
    private @Nullable Machine machine;

    /// @param work an empty directory for everything that it makes
    /// @param machines asked once there is a plan to run
    /// @param limits what the VMs may take
    public LocalRun(Path work, Machines machines, Limits limits, InstantSource clock) {
        this.work = work;
        this.machines = machines;
        this.limits = limits;
        this.clock = clock;
    }

    /// What starts VMs.
    public record Machine(VmHost host, PhaseParts.Images images) {}

    /// Makes ready what starts VMs, which may take minutes.
    @FunctionalInterface
    public interface Machines {
        Machine ready() throws InterruptedException;

        /// The machine of a failed phase.
        @FunctionalInterface
        interface Failed {
            /// Lets a person in; whoever gets the console closes it.
            ///
            /// @throws AppException where the machine can't
            Console enter(int columns, int rows) throws InterruptedException;
        }
    }

    /// Hears what happens.
    public interface Listener {
        /// What a person should know, one line.
        void note(String line);

        /// A piece of the log as it comes.
        ///
        /// @param step a name of the step, different from the one before
        /// @param stream 1 stdout, 2 stderr, 0 Airlock itself
        /// @param bytes as the guest wrote them: never to be shown unfiltered
        void log(String step, int stream, byte[] bytes);

        /// Whether the machine of a phase that fails is to stay.
        default boolean keepsFailed() {
            return false;
        }

        /// A phase has failed; its machine stays until this returns.
        ///
        /// @param reason why it failed, for people
        default void failed(String reason, Machines.Failed machine) throws InterruptedException {}
    }

    /// How it ended.
    ///
    /// @param reason one line for people, may be empty
    public record Outcome(Verdict verdict, String reason) {}

    /// The directory whose plan is meant by `directory`: itself where it is a checkout's top or
    /// has a plan, else the top of the checkout that it is in.
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
        return run(directory, LocalPlans.Wish.ALL, listener);
    }

    /// Runs plans of `directory`.
    ///
    /// @param wish which are meant
    public Outcome run(Path directory, LocalPlans.Wish wish, Listener listener)
            throws InterruptedException {
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
                        : all(directory, plans, source.tar(), listener);
            }
        };
    }

    private static Local pack(
            Path directory, Path tar, Function<List<airlock.source.PlanFile>, GitDepth> git) {
        return new LocalSource(SourceLimits.DEFAULT).pack(directory, tar, PlanPath.WANTED, git);
    }

    /// Says what a person may not expect of the source.
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

    /// @param first the tar with as much of the history as the first plan wants
    private Outcome all(Path directory, LocalPlans plans, Path first, Listener listener)
            throws InterruptedException {
        var tars = new EnumMap<GitDepth, Path>(Map.of(plans.gitOfFirst(), first));
        var outcomes = new LinkedHashMap<String, Outcome>();
        for (var plan : plans.chosen()) {
            if (!tars.containsKey(plan.git())) {
                Path tar = work.resolve("source-" + plan.git().word() + ".tar");
                switch (pack(directory, tar, _ -> plan.git())) {
                    case Refused refused -> {
                        return new Outcome(Verdict.FAILED, refused.why());
                    }
                    case Local.Packed _ -> tars.put(plan.git(), tar);
                }
            }
            Path tar = Objects.requireNonNull(tars.get(plan.git()));
            for (String cell : plan.cells()) {
                String name = plan.path().name() + (cell.isEmpty() ? "" : " (" + cell + ")");
                if (plans.chosen().size() > 1 || plan.cells().size() > 1) {
                    listener.note("plan " + name);
                }
                outcomes.put(name, one(plan, cell, tar, listener));
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

    private Outcome one(LocalPlans.Chosen chosen, String cell, Path tar, Listener listener)
            throws InterruptedException {
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
                var run =
                        NewRun.own(
                                plan.name(),
                                cell,
                                chosen.path().path(),
                                chosen.text(),
                                tar.toString());
                yield conducted(plan.ofCell(cell).orElseThrow(), run, listener);
            }
        };
    }

    private Outcome conducted(Plan plan, NewRun run, Listener listener)
            throws InterruptedException {
        plan.settings()
                .image()
                .ifPresent(
                        image ->
                                listener.note(
                                        "the plan's image is %s; this is run on the one that is here"
                                                .formatted(Shown.quoted(image))));
        if (machine == null) {
            machine = machines.ready();
        }
        Path own = directory();
        try (var database = Database.open(own.resolve("local.db"))) {
            var terms = LocalTerms.ofCheckout(plan, limits);
            return new LocalConductor(database, own, machine, terms, clock)
                    .conduct(run, listener)
                    .outcome();
        }
    }

    /// One for each run.
    private Path directory() {
        try {
            return Files.createTempDirectory(work, "run");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + work, e);
        }
    }
}
