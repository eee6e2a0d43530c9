package airlock.queue;

import airlock.event.RunId;
import org.jdbi.v3.core.Handle;

/// All that is wrong with plans, for people; the reason of a run has only the first.
final class PlanReports {
    private PlanReports() {}

    /// Keeps the report of a run; an empty one is none.
    static void add(Handle handle, RunId run, String report) {
        if (report.isEmpty()) {
            return;
        }
        handle.createUpdate("INSERT OR REPLACE INTO plan_report (of, report) VALUES (:of, :report)")
                .bind("of", run.text())
                .bind("report", report)
                .execute();
    }
}
