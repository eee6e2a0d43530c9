-- How a tip came to be recorded: told by a forge ('event'), found by asking it ('sweep'), or there
-- when the repository was first looked at ('baseline'). `awaited`: where a webhook said that it is,
-- while it was unclear whether that is older than what a sweep saw; empty for nowhere.
ALTER TABLE tip ADD COLUMN origin TEXT NOT NULL DEFAULT 'event'
    CHECK (origin IN ('event', 'sweep', 'baseline'));
ALTER TABLE tip ADD COLUMN awaited TEXT NOT NULL DEFAULT '';

-- When a repository is to be compared with its forge, and how its two halves stand: `…_at` is when
-- that half was last compared whole, null before the first time; `…_not_before` holds after a
-- failure.
CREATE TABLE sweep (
    repository         TEXT PRIMARY KEY,
    due_at             INTEGER NOT NULL,
    tried_at           INTEGER NOT NULL DEFAULT 0,
    refs_at            INTEGER,
    refs_failures      INTEGER NOT NULL DEFAULT 0,
    refs_not_before    INTEGER NOT NULL DEFAULT 0,
    refs_problem       TEXT NOT NULL DEFAULT '',
    changes_at         INTEGER,
    changes_failures   INTEGER NOT NULL DEFAULT 0,
    changes_not_before INTEGER NOT NULL DEFAULT 0,
    changes_problem    TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
