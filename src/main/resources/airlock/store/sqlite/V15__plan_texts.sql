-- The bytes of plan files, once each, however many runs and cells have the same. used_at: when a run was last made of them; those
-- that no open run needs go thirty days later (queue.PlanTexts). Runs name them by plan_text_id and target_text_id; plan_text and
-- target_text of the run itself hold them only for runs that an older version made and that have not ended.
CREATE TABLE plan_text (
    id      INTEGER PRIMARY KEY,
    sha256  TEXT NOT NULL UNIQUE,
    text    BLOB NOT NULL,
    used_at INTEGER NOT NULL
);
CREATE INDEX plan_text_used ON plan_text (used_at);
ALTER TABLE run ADD COLUMN plan_text_id INTEGER;
ALTER TABLE run ADD COLUMN target_text_id INTEGER;
UPDATE run SET plan_text = X'', target_text = NULL WHERE state = 'ended';
