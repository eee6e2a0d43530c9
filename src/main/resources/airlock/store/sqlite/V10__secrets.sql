-- What operators gave for repositories (secrets.StoredSecrets), sealed with the master key.
CREATE TABLE secret (
    repository TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (repository, kind, name)
) STRICT, WITHOUT ROWID;

-- Who made a key, and what its line for the target host allows (secrets.TargetLine); empty where nobody asked for one.
ALTER TABLE ssh_key ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE ssh_key ADD COLUMN used_for TEXT NOT NULL DEFAULT '';
