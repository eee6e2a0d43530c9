-- Tokens for reading what is private (T9). `hash` is SHA-256 of the token, hexadecimal: 256 random bits need neither salt nor
-- many rounds. A revoked one has no row.
CREATE TABLE token (
    name       TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    made_by    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE token_repository (
    token      TEXT NOT NULL REFERENCES token (name) ON DELETE CASCADE,
    repository TEXT NOT NULL,
    PRIMARY KEY (token, repository)
) WITHOUT ROWID;

-- What is measured is counted from an index, however long the table is.
CREATE INDEX status_given_up ON status_outbox (seq) WHERE outcome = 'given_up';
