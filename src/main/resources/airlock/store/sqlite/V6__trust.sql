-- The branch of the repository itself that the forge last gave for a change request's head; whether
-- that is so, git is asked (T1).
CREATE TABLE change_head (
    repository TEXT NOT NULL,
    number     TEXT NOT NULL,
    branch     TEXT NOT NULL,
    PRIMARY KEY (repository, number)
) WITHOUT ROWID;

-- A rerun that may publish although its ref has moved on, since the operator said so (T7).
ALTER TABLE request ADD COLUMN although_moved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN on_moved TEXT NOT NULL DEFAULT 'superseded'
    CHECK (on_moved IN ('superseded', 'skipped', 'published'));

-- The target branch's plan file, in a run from outside: all but the steps of `plan` come from it (T3).
ALTER TABLE run ADD COLUMN target_text BLOB;

-- Whose turn it is (T11): the repository that was served longest ago comes first.
CREATE TABLE share (
    repository   TEXT PRIMARY KEY,
    request_turn INTEGER NOT NULL DEFAULT 0,
    run_turn     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO share (repository) SELECT DISTINCT repository FROM request;
DROP INDEX request_queued;
CREATE INDEX request_queued ON request (repository, kind = 'change', seq) WHERE state = 'queued' AND not_before = 0;
DROP INDEX run_queued;
CREATE INDEX run_queued ON run (repository, trust = 'outside', seq) WHERE state = 'queued' AND not_before = 0;

-- When a run from outside may begin by its author's share of the hour (T11).
ALTER TABLE run ADD COLUMN slot_at INTEGER;
CREATE INDEX run_slot ON run (slot_at) WHERE slot_at IS NOT NULL;

-- For what a run starts from (T6).
CREATE INDEX blob_earlier ON blob (repository, name, kind, subject, created_at);

-- While a repository can't be fetched from, nothing of it is claimed to be read.
ALTER TABLE share ADD COLUMN fetches_from INTEGER NOT NULL DEFAULT 0;
