package airlock.local;

import airlock.ambient.Project;
import airlock.event.CommitId;
import airlock.event.Verdict;
import airlock.plan.PlanFile;
import airlock.queue.NewRun;
import airlock.source.Local;
import airlock.source.LocalSource;
import airlock.source.Refused;
import airlock.source.SourceLimits;
import airlock.store.Database;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// One run of a project of Ambient's, as of a push to a listed ref: the plan is the operator's own,
/// so it has its post_plan.
///
/// @param work an empty directory, but for what `terms` have as earlier outputs
/// @param kept gets what the run leaves if it passes
record ProjectRun(
        Path work,
        LocalRun.Machine machine,
        LocalTerms terms,
        ProjectState kept,
        InstantSource clock) {

    /// The commit of which the project's source is a clean checkout.
    static Optional<CommitId> head(Project project) {
        return new LocalSource(SourceLimits.DEFAULT).cleanHead(project.source());
    }

    LocalRun.Outcome run(Project project, LocalRun.Listener listener) throws InterruptedException {
        var before = head(project);
        var packed =
                new LocalSource(SourceLimits.of(terms.settings().limits()))
                        .pack(
                                project.source(),
                                work.resolve("source.tar"),
                                List.of(),
                                _ -> project.plan().git());
        return switch (packed) {
            case Refused refused -> new LocalRun.Outcome(Verdict.FAILED, refused.why());
            case Local.Packed source -> {
                LocalRun.told(listener, project.source(), source);
                // what was changed while it was packed is of no commit
                yield run(
                        project,
                        source,
                        before.filter(_ -> source.uncommitted().isEmpty()),
                        listener);
            }
        };
    }

    private LocalRun.Outcome run(
            Project project,
            Local.Packed source,
            Optional<CommitId> commit,
            LocalRun.Listener listener)
            throws InterruptedException {
        var run =
                NewRun.own(
                        project.plan().name(),
                        "",
                        PlanFile.AMBIENT.path(),
                        project.planText(),
                        source.tar().toString());
        try (var database = Database.open(work.resolve("local.db"))) {
            var conducted =
                    new LocalConductor(database, work, machine, terms, clock)
                            .conduct(run, listener);
            if (conducted.outcome().verdict() == Verdict.PASSED) {
                kept.passed(commit, conducted.outputs());
            }
            return conducted.outcome();
        }
    }
}
