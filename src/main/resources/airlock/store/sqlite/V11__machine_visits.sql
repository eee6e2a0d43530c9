-- Who was in a machine of a run (results.VisitRecords). `ended_at` is empty while they are in.
CREATE TABLE machine_visit (
    seq INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    phase TEXT NOT NULL,
    kept INTEGER NOT NULL,
    who TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    ending TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX machine_visit_of_run ON machine_visit (run);
