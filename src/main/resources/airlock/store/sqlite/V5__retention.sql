-- What the janitor took (docs/adr/0018). Rows stay, so that pages can say what is gone and since
-- when; 0: nothing was taken.
ALTER TABLE run ADD COLUMN log_removed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blob ADD COLUMN removed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN body_removed_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX run_source ON run (source) WHERE state <> 'ended';
CREATE INDEX run_log ON run (id) WHERE log_removed_at = 0;
CREATE INDEX blob_file ON blob (sha256) WHERE removed_at = 0;
CREATE INDEX delivery_body ON delivery (hook, received_at) WHERE body_removed_at = 0;

-- When the janitor last looked; a clock that jumped is not believed at once.
CREATE TABLE janitor (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    passed_at INTEGER NOT NULL
);
