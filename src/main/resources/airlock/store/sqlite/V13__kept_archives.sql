-- How an archive is found by later runs (results.BlobMark). label: the name of a cache; empty for one of the plan's own.
-- reuse_key: a hash over what it was made of; empty where that does not matter. keyed_at: when a phase made it, however often it
-- was given on since. offered: whether others than its own run may have it. expires_at: when it goes, if the operator's age has
-- not been reached before; 0 for never.
ALTER TABLE blob ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE blob ADD COLUMN reuse_key TEXT NOT NULL DEFAULT '';
ALTER TABLE blob ADD COLUMN keyed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blob ADD COLUMN offered INTEGER NOT NULL DEFAULT 1;
ALTER TABLE blob ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
