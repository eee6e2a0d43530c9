package airlock.run;

import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRun;
import java.util.Arrays;

/// The plan of a run.
public final class RunPlan {
    private static final PlanReader READER = new PlanReader();

    private RunPlan() {}

    /// What was read when the request was, and by the same rules, unless the server was replaced
    /// by one with others meanwhile. In a run from outside, all but the steps of `plan` is the
    /// target branch's (T3).
    ///
    /// @throws IllegalStateException where it is no plan any more
    public static Plan of(ClaimedRun run) {
        var file = file(run.planFile());
        var commits = plan(file, run.planText());
        return run.targetText().map(text -> plan(file, text).withStepsOf(commits)).orElse(commits);
    }

    private static Plan plan(PlanFile file, byte[] text) {
        return switch (READER.read(file, text)) {
            case PlanReading.Read read -> read.plan();
            case PlanReading.Invalid invalid ->
                    throw new IllegalStateException("no plan any more: " + invalid.summary());
            case PlanReading.Absent _ -> throw new IllegalStateException("the plan is gone");
        };
    }

    private static PlanFile file(String path) {
        return Arrays.stream(PlanFile.values())
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no such plan file: " + path));
    }
}
