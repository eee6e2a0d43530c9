-- So that no page, badge, claim or delivery costs more after a million runs than after ten thousand: each finds its rows in an index
-- in the order in which it shows them, and partial indexes have exactly the condition that their query has.

-- Lists of runs and of waiting requests, over all repositories and of one.
CREATE INDEX run_repository ON run (repository, seq);
CREATE INDEX request_unplanned ON request (seq) WHERE state IN ('queued', 'claimed');
CREATE INDEX request_unplanned_repository ON request (repository, seq) WHERE state IN ('queued', 'claimed');

-- The badge: the newest push that was not superseded, then the newest request for that commit. The second one also finds the
-- request of a push that is delivered again.
CREATE INDEX request_push ON request (repository, kind, subject, seq) WHERE rerun_of IS NULL AND verdict IS NOT 'superseded';
CREATE INDEX request_commit ON request (repository, kind, subject, commit_id, seq);

-- What a plan compares its changed paths with.
CREATE INDEX run_passed ON run (repository, kind, subject, plan, cell, seq) WHERE verdict = 'passed' AND started_at IS NOT NULL;

-- When a mirror was last of use.
CREATE INDEX request_repository ON request (repository, seq);

-- When a run was last made of a source tar, while that is kept. Tars that were used before this table existed have the time of
-- their file.
CREATE TABLE source_use (
    source  TEXT PRIMARY KEY,
    used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Visits that a crash left open.
CREATE INDEX visit_open ON machine_visit (seq) WHERE ended_at IS NULL;
