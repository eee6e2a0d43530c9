-- By what an archive of dependencies is found again when pre_plan would bring the same (results.KeyedBlobs); empty where it is not.
-- keyed_at: when pre_plan itself made it.
ALTER TABLE blob ADD COLUMN reuse_key TEXT NOT NULL DEFAULT '';
ALTER TABLE blob ADD COLUMN keyed_at INTEGER NOT NULL DEFAULT 0;
