-- Times are milliseconds since 1970-01-01 UTC. Repositories are FORGE:ID. A commit of zeros means "none".
-- kind, subject, target: see airlock.event.Subject (T4). Rows of `occurrence` are kept for ever (T5).

CREATE TABLE hook_pin (
    hook       TEXT PRIMARY KEY,
    repository TEXT NOT NULL,
    pinned_at  INTEGER NOT NULL
);

CREATE TABLE delivery (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    hook        TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    event_name  TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body        BLOB NOT NULL,
    body_hash   TEXT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('requested', 'known', 'nothing')),
    reason      TEXT NOT NULL DEFAULT '',
    request     TEXT,
    UNIQUE (hook, delivery_id)
);

CREATE TABLE tip (
    repository TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    target     TEXT NOT NULL,
    commit_id  TEXT NOT NULL,
    PRIMARY KEY (repository, kind, subject)
) WITHOUT ROWID;

CREATE TABLE occurrence (
    repository    TEXT NOT NULL,
    kind          TEXT NOT NULL,
    subject       TEXT NOT NULL,
    target        TEXT NOT NULL,
    before_commit TEXT NOT NULL,
    after_commit  TEXT NOT NULL,
    body_hash     TEXT NOT NULL,
    request       TEXT NOT NULL,
    PRIMARY KEY (repository, kind, subject, target, before_commit, after_commit, body_hash)
) WITHOUT ROWID;

CREATE TABLE request (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    repository    TEXT NOT NULL,
    kind          TEXT NOT NULL,
    subject       TEXT NOT NULL,
    target        TEXT NOT NULL,
    before_commit TEXT NOT NULL,
    commit_id     TEXT NOT NULL,
    title         TEXT NOT NULL,
    author        TEXT NOT NULL,
    cause         TEXT NOT NULL,
    rerun_of      TEXT,
    trust         TEXT,
    state         TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'planned', 'ended')),
    verdict       TEXT,
    reason        TEXT NOT NULL DEFAULT '',
    created_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    generation    INTEGER NOT NULL DEFAULT 0,
    owner         TEXT,
    heartbeat_at  INTEGER,
    not_before    INTEGER NOT NULL DEFAULT 0,
    attempts      INTEGER NOT NULL DEFAULT 0,
    waits         INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX request_open ON request (state, seq) WHERE state <> 'ended';
CREATE INDEX request_subject ON request (repository, kind, subject, seq);

CREATE TABLE run (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    request      TEXT NOT NULL REFERENCES request (id),
    repository   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    target       TEXT NOT NULL,
    commit_id    TEXT NOT NULL,
    plan         TEXT NOT NULL,
    cell         TEXT NOT NULL DEFAULT '',
    context      TEXT NOT NULL,
    trust        TEXT NOT NULL,
    plan_file    TEXT NOT NULL,
    plan_text    BLOB NOT NULL,
    source       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'ended')),
    verdict      TEXT,
    reason       TEXT NOT NULL DEFAULT '',
    isolation    TEXT NOT NULL DEFAULT '',
    cancel       TEXT,
    publishing   INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    started_at   INTEGER,
    ended_at     INTEGER,
    generation   INTEGER NOT NULL DEFAULT 0,
    owner        TEXT,
    heartbeat_at INTEGER,
    not_before   INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX run_open ON run (state, seq) WHERE state <> 'ended';
CREATE INDEX run_subject ON run (repository, kind, subject, seq);
CREATE INDEX run_request ON run (request);

-- One row per VM that a run was given; `generation` is the claim that started it.
CREATE TABLE phase (
    run        TEXT NOT NULL REFERENCES run (id),
    generation INTEGER NOT NULL,
    phase      TEXT NOT NULL,
    got_line   INTEGER NOT NULL DEFAULT 0,
    verdict    TEXT,
    reason     TEXT NOT NULL DEFAULT '',
    isolation  TEXT NOT NULL DEFAULT '',
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    PRIMARY KEY (run, generation, phase)
) WITHOUT ROWID;

CREATE TABLE step (
    run                 TEXT NOT NULL REFERENCES run (id),
    generation          INTEGER NOT NULL,
    phase               TEXT NOT NULL,
    step                INTEGER NOT NULL,
    title               TEXT NOT NULL,
    outcome             TEXT,
    exit_code           INTEGER,
    started_us          INTEGER NOT NULL,
    ended_us            INTEGER,
    user_us             INTEGER,
    system_us           INTEGER,
    peak_kib            INTEGER,
    log_offset          INTEGER NOT NULL,
    PRIMARY KEY (run, generation, phase, step)
) WITHOUT ROWID;

CREATE TABLE blob (
    run        TEXT NOT NULL REFERENCES run (id),
    phase      TEXT NOT NULL,
    name       TEXT NOT NULL CHECK (name IN ('artifacts', 'cache', 'dependencies')),
    sha256     TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    repository TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    trust      TEXT NOT NULL,
    private    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (run, phase, name)
) WITHOUT ROWID;

-- What forges are to be told. `sending` is in nobody's memory after a crash: it becomes `unknown`,
-- and the forge is asked. `withheld` is never sent: another request owns the context (T4).
CREATE TABLE status_outbox (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    forge       TEXT NOT NULL,
    repository  TEXT NOT NULL,
    commit_id   TEXT NOT NULL,
    context     TEXT NOT NULL,
    request     TEXT NOT NULL,
    trust       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('pending', 'success', 'failure', 'error')),
    description TEXT NOT NULL,
    target      TEXT NOT NULL,
    outcome     TEXT NOT NULL
                CHECK (outcome IN ('waiting', 'sending', 'unknown', 'sent', 'given_up', 'withheld')),
    detail      TEXT NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    refusals    INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL DEFAULT 0,
    repeated    INTEGER NOT NULL DEFAULT 0,
    recheck_at  INTEGER,
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
);
CREATE INDEX status_recheck ON status_outbox (forge, recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX status_open ON status_outbox (forge, seq)
    WHERE outcome IN ('waiting', 'sending', 'unknown');
CREATE INDEX status_open_context ON status_outbox (repository, commit_id, context, seq)
    WHERE outcome IN ('waiting', 'sending', 'unknown');
CREATE INDEX status_context ON status_outbox (repository, commit_id, context, seq);
CREATE INDEX status_request ON status_outbox (request, seq);

-- A forge that asked for a pause gets nothing before `until`.
CREATE TABLE forge_pause (
    forge TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE ssh_key (
    repository    TEXT NOT NULL,
    name          TEXT NOT NULL,
    public_key    TEXT NOT NULL,
    sealed        BLOB NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (repository, name)
) WITHOUT ROWID;
