package airlock.queue;

import org.jdbi.v3.core.Handle;

/// All that is wrong with plans, for people; the reason of a request or run has only the first.
final class PlanReports {
    private PlanReports() {}

    /// Keeps the report of a request or run, by its id; an empty one is none.
    static void add(Handle handle, String of, String report) {
        if (report.isEmpty()) {
            return;
        }
        handle.createUpdate("INSERT OR REPLACE INTO plan_report (of, report) VALUES (:of, :report)")
                .bind("of", of)
                .bind("report", report)
                .execute();
    }
}
