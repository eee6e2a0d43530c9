package airlock.run;

import airlock.event.Phase;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRun;
import airlock.yaml.Problem;
import java.util.ArrayList;
import java.util.List;

/// The plan of a run.
///
/// @param warnings about probable mistakes, in the order of the files
public record RunPlan(Plan plan, List<Problem> warnings) {
    private static final PlanReader READER = new PlanReader();

    public RunPlan {
        warnings = List.copyOf(warnings);
    }

    /// Reads the plan again, by the same rules as for the request unless the server was upgraded
    /// meanwhile. In a run from outside, all but the steps of `plan` is the target branch's (T3).
    ///
    /// @throws IllegalStateException if it is no longer a valid plan
    public static RunPlan of(ClaimedRun run) {
        var commits = read(run.plan(), run.plan().text());
        return run.plan()
                .targetText()
                .map(text -> read(run.plan(), text).withStepsOf(commits))
                .orElse(commits)
                .ofCell(run.plan().cell());
    }

    private RunPlan ofCell(String cell) {
        return plan.ofCell(cell)
                .map(own -> new RunPlan(own, warnings))
                .orElseThrow(() -> new IllegalStateException("no cell any more: " + cell));
    }

    private RunPlan withStepsOf(RunPlan commits) {
        var all = new ArrayList<Problem>();
        warnings.stream().filter(warning -> !isOf(warning, Phase.PLAN)).forEach(all::add);
        commits.warnings.stream().filter(warning -> isOf(warning, Phase.PLAN)).forEach(all::add);
        return new RunPlan(plan.withStepsOf(commits.plan), all);
    }

    List<Problem> warnings(Phase phase) {
        return warnings.stream().filter(warning -> isOf(warning, phase)).toList();
    }

    private static boolean isOf(Problem warning, Phase phase) {
        return warning.path().startsWith(phase.key() + "[");
    }

    private static RunPlan read(ClaimedRun.Plan plan, byte[] text) {
        var path = new PlanPath(plan.file(), plan.name(), PlanFile.at(plan.file()), "");
        return switch (READER.read(path, text)) {
            case PlanReading.Read read -> new RunPlan(read.plan(), read.warnings());
            case PlanReading.Invalid invalid ->
                    throw new IllegalStateException("no plan any more: " + invalid.summary());
            case PlanReading.Absent _ -> throw new IllegalStateException("the plan is gone");
        };
    }
}
