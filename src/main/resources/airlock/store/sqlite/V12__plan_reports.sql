-- All that is wrong with a plan, by the id of the request or run that ended for it (queue.PlanReports).
CREATE TABLE plan_report (
    of     TEXT PRIMARY KEY,
    report TEXT NOT NULL
) STRICT, WITHOUT ROWID;
