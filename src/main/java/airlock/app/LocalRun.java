package airlock.app;

import airlock.config.Limits;
import airlock.control.Console;
import airlock.event.GitDepth;
import airlock.event.Verdict;
import airlock.phases.PhaseParts;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.NewRun;
import airlock.source.Local;
import airlock.source.LocalSource;
import airlock.source.Refused;
import airlock.source.SourceLimits;
import airlock.store.Database;
import airlock.vm.VmHost;
import airlock.yaml.Shown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The plan of a directory as it lies there, run on this machine without a forge, a server or a
/// secret: as a push to a branch that nobody lists, so without post_plan.
public final class LocalRun {
    private static final int MOST_NAMED = 20;
    private static final List<String> PLAN_FILES =
            Arrays.stream(PlanFile.values()).map(PlanFile::path).toList();

    private final Path work;
    private final Machines machines;
    private final Limits limits;
    private final InstantSource clock;

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
        if (PLAN_FILES.stream().anyMatch(file -> Files.exists(directory.resolve(file)))) {
            return directory;
        }
        for (Path up = directory; up != null; up = up.getParent()) {
            if (Files.exists(up.resolve(".git"))) {
                return up;
            }
        }
        return directory;
    }

    /// Runs the plan of `directory`.
    public Outcome run(Path directory, Listener listener) throws InterruptedException {
        var packed =
                new LocalSource(SourceLimits.DEFAULT)
                        .pack(directory, work.resolve("source.tar"), PLAN_FILES, LocalRun::git);
        return switch (packed) {
            case Refused refused -> new Outcome(Verdict.FAILED, refused.why());
            case Local.Packed source -> {
                if (!Files.exists(directory.resolve(".git"))) {
                    listener.note("no git repository: all that .gitignore does not name is taken");
                }
                named(listener, "not committed", source.uncommitted());
                named(listener, "submodules, so empty in the run", source.submodules());
                named(listener, "left out, since they are no files", source.skipped());
                yield planned(directory, source, listener);
            }
        };
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

    /// What the plan wants of the history; where there is none that can be read, that is told
    // later.
    private static GitDepth git(List<airlock.source.PlanFile> files) {
        return !files.isEmpty()
                        && files.getFirst() instanceof airlock.source.PlanFile.Content file
                        && reading(file) instanceof PlanReading.Read read
                ? read.plan().settings().git()
                : GitDepth.NONE;
    }

    private static PlanReading reading(airlock.source.PlanFile.Content file) {
        return new PlanReader()
                .read(
                        path ->
                                path.equals(file.path())
                                        ? Optional.of(file.bytes())
                                        : Optional.empty());
    }

    private Outcome planned(Path directory, Local.Packed source, Listener listener)
            throws InterruptedException {
        if (source.planFiles().isEmpty()) {
            return new Outcome(
                    Verdict.INVALID_PLAN,
                    "no " + String.join(" and no ", PLAN_FILES) + " in " + directory);
        }
        return switch (source.planFiles().getFirst()) {
            case airlock.source.PlanFile.Content content -> read(content, source, listener);
            case airlock.source.PlanFile.TooLarge(var path, var size, var limit) ->
                    new Outcome(
                            Verdict.INVALID_PLAN,
                            "%s has %d bytes, and a plan at most %d".formatted(path, size, limit));
            case airlock.source.PlanFile.NotAFile(var path, var what) ->
                    new Outcome(Verdict.INVALID_PLAN, path + " is " + what);
        };
    }

    private Outcome read(
            airlock.source.PlanFile.Content file, Local.Packed source, Listener listener)
            throws InterruptedException {
        return switch (reading(file)) {
            case PlanReading.Absent _ -> throw new IllegalStateException(file + " is there");
            case PlanReading.Invalid(var problems, var report) -> {
                report.lines().forEach(listener::note);
                yield new Outcome(
                        Verdict.INVALID_PLAN,
                        problems.size() + (problems.size() == 1 ? " mistake" : " mistakes"));
            }
            case PlanReading.Read(var plan, var warnings) -> {
                warnings.forEach(warning -> listener.note(warning.toString()));
                yield conducted(plan, file, source, listener);
            }
        };
    }

    private Outcome conducted(
            Plan plan, airlock.source.PlanFile.Content file, Local.Packed source, Listener listener)
            throws InterruptedException {
        plan.settings()
                .image()
                .ifPresent(
                        image ->
                                listener.note(
                                        "the plan's image is %s; this is run on the one that is here"
                                                .formatted(Shown.quoted(image))));
        var run = NewRun.own(plan.name(), "", file.path(), file.bytes(), source.tar().toString());
        var machine = machines.ready();
        try (var database = Database.open(work.resolve("local.db"))) {
            return new LocalConductor(database, work, machine, limits, clock)
                    .conduct(plan, run, listener);
        }
    }
}
