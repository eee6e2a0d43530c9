-- Secrets of hooks that the server made (T8). Of a hook the newest is good without end, those before it until valid_until.
CREATE TABLE hook_secret (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    hook        TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    made_by     TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    valid_until INTEGER
);
CREATE INDEX hook_secret_hook ON hook_secret (hook, seq);
