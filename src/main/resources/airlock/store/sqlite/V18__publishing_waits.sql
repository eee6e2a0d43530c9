-- How often a run went back to the queue because the forge could not be asked for its ref's tip.
ALTER TABLE run ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
