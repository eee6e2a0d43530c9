package airlock.app;

import airlock.config.Limits;
import airlock.event.Verdict;
import airlock.phases.PhaseParts;
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
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/// The plan of a directory as it lies there, run on this machine without a forge, a server or a
/// secret: as a push to a branch that nobody lists, so without post_plan.
public final class LocalRun {
    private final Path work;
    private final VmHost host;
    private final PhaseParts.Images images;
    private final Limits limits;
    private final InstantSource clock;

    /// @param work an empty directory for everything that it makes
    /// @param limits what the VMs may take
    public LocalRun(
            Path work, VmHost host, PhaseParts.Images images, Limits limits, InstantSource clock) {
        this.work = work;
        this.host = host;
        this.images = images;
        this.limits = limits;
        this.clock = clock;
    }

    /// How it ended.
    ///
    /// @param reason one line for people, may be empty
    public record Outcome(Verdict verdict, String reason) {}

    /// Runs the plan of `directory`.
    ///
    /// @param notes hears what a person should know, a line each
    /// @param log hears the log as it comes
    public Outcome run(Path directory, Consumer<String> notes, Consumer<byte[]> log)
            throws InterruptedException {
        var packed =
                new LocalSource(SourceLimits.DEFAULT)
                        .pack(
                                directory,
                                work.resolve("source.tar"),
                                Arrays.stream(PlanFile.values()).map(PlanFile::path).toList());
        return switch (packed) {
            case Refused refused -> new Outcome(Verdict.FAILED, refused.why());
            case Local.Packed source -> {
                if (!source.uncommitted().isEmpty()) {
                    notes.accept("not committed: " + String.join(", ", source.uncommitted()));
                }
                yield planned(source, log);
            }
        };
    }

    private Outcome planned(Local.Packed source, Consumer<byte[]> log) throws InterruptedException {
        var reading = new PlanReader().read(path -> content(source, path));
        return switch (reading) {
            case PlanReading.Absent _ ->
                    new Outcome(
                            Verdict.INVALID_PLAN, "no .airlock.yaml and no .radicle/ambient.yaml");
            case PlanReading.Invalid invalid ->
                    new Outcome(Verdict.INVALID_PLAN, invalid.summary());
            case PlanReading.Read read -> {
                String file = read.plan().file().path();
                var run =
                        new NewRun(
                                read.plan().name(),
                                "",
                                file,
                                content(source, file).orElseThrow(),
                                source.tar().toString());
                try (var database = Database.open(work.resolve("local.db"))) {
                    yield new LocalConductor(database, work, host, images, limits, clock)
                            .conduct(run, log);
                }
            }
        };
    }

    private static Optional<byte[]> content(Local.Packed source, String path) {
        return source.planFiles().stream()
                .filter(file -> file.path().equals(path))
                .map(
                        file ->
                                switch (file) {
                                    case airlock.source.PlanFile.Content content -> content.bytes();
                                    case airlock.source.PlanFile.TooLarge _,
                                            airlock.source.PlanFile.NotAFile _ ->
                                            new byte[PlanReader.LARGEST + 1];
                                })
                .findFirst();
    }
}
