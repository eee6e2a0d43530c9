-- What the janitor may remove, a row for each item, so that it looks at what goes and not at all that is kept (store.StockRows).
-- shelf: logs (an item is a run's id), blobs (a hash) or deliveries (a hook's day, days since 1970). Logs get their row when their
-- run has ended (results.LogStock); triggers keep all others.
CREATE TABLE stock (
    shelf      TEXT NOT NULL,
    owner      TEXT NOT NULL,
    item       TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    used_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    outside    INTEGER NOT NULL,
    PRIMARY KEY (shelf, owner, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_sum (
    shelf   TEXT NOT NULL,
    owner   TEXT NOT NULL,
    outside INTEGER NOT NULL,
    items   INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (shelf, owner, outside)
) STRICT, WITHOUT ROWID;

DROP INDEX run_log;
ALTER TABLE run ADD COLUMN log_listed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX run_unlisted ON run (seq) WHERE log_listed = 0 AND state = 'ended' AND log_removed_at = 0;

-- Many repositories have the same empty archives.
DROP INDEX blob_file;
CREATE INDEX blob_file ON blob (sha256, repository) WHERE removed_at = 0;

INSERT INTO stock
SELECT 'blobs', repository, sha256, MAX(bytes), MAX(created_at),
    CASE MIN(expires_at) WHEN 0 THEN 0 ELSE MAX(expires_at) END, MIN(trust = 'outside')
FROM blob WHERE removed_at = 0 GROUP BY repository, sha256;
INSERT INTO stock
SELECT 'deliveries', hook, CAST(received_at / 86400000 AS TEXT), SUM(LENGTH(body)), MAX(received_at), 0, 0
FROM delivery WHERE body_removed_at = 0 GROUP BY hook, received_at / 86400000;
INSERT INTO stock_sum
SELECT shelf, owner, outside, COUNT(*), SUM(bytes) FROM stock GROUP BY shelf, owner, outside;

CREATE INDEX stock_owner ON stock (shelf, owner, outside, used_at, item);
CREATE INDEX stock_all ON stock (shelf, outside, used_at, item, owner);
CREATE INDEX stock_expiring ON stock (shelf, expires_at, item, owner) WHERE expires_at > 0;

CREATE TRIGGER stock_added AFTER INSERT ON stock BEGIN
    INSERT INTO stock_sum VALUES (NEW.shelf, NEW.owner, NEW.outside, 1, NEW.bytes)
    ON CONFLICT (shelf, owner, outside) DO UPDATE SET items = items + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER stock_removed AFTER DELETE ON stock BEGIN
    UPDATE stock_sum SET items = items - 1, bytes = bytes - OLD.bytes
    WHERE shelf = OLD.shelf AND owner = OLD.owner AND outside = OLD.outside;
END;
CREATE TRIGGER stock_changed AFTER UPDATE OF bytes, outside ON stock BEGIN
    UPDATE stock_sum SET items = items - 1, bytes = bytes - OLD.bytes
    WHERE shelf = OLD.shelf AND owner = OLD.owner AND outside = OLD.outside;
    INSERT INTO stock_sum VALUES (NEW.shelf, NEW.owner, NEW.outside, 1, NEW.bytes)
    ON CONFLICT (shelf, owner, outside) DO UPDATE SET items = items + 1, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER log_removed AFTER UPDATE OF log_removed_at ON run WHEN NEW.log_removed_at > 0 BEGIN
    DELETE FROM stock WHERE shelf = 'logs' AND owner = NEW.repository AND item = NEW.id;
END;

-- What several runs of a repository left alike is one item. It goes with the last of them; until then its times stay those of all.
CREATE TRIGGER blob_added AFTER INSERT ON blob WHEN NEW.removed_at = 0 BEGIN
    INSERT INTO stock VALUES ('blobs', NEW.repository, NEW.sha256, NEW.bytes, NEW.created_at, NEW.expires_at,
        NEW.trust = 'outside')
    ON CONFLICT (shelf, owner, item) DO UPDATE SET bytes = MAX(bytes, excluded.bytes),
        used_at = MAX(used_at, excluded.used_at),
        expires_at = CASE MIN(expires_at, excluded.expires_at) WHEN 0 THEN 0
            ELSE MAX(expires_at, excluded.expires_at) END,
        outside = MIN(outside, excluded.outside);
END;
CREATE TRIGGER blob_changed AFTER UPDATE OF sha256, bytes, created_at, expires_at, removed_at ON blob BEGIN
    DELETE FROM stock WHERE shelf = 'blobs' AND owner = OLD.repository AND item = OLD.sha256
        AND NOT EXISTS (SELECT 1 FROM blob
            WHERE sha256 = OLD.sha256 AND repository = OLD.repository AND removed_at = 0);
    INSERT INTO stock SELECT 'blobs', NEW.repository, NEW.sha256, NEW.bytes, NEW.created_at, NEW.expires_at,
        NEW.trust = 'outside' WHERE NEW.removed_at = 0
    ON CONFLICT (shelf, owner, item) DO UPDATE SET bytes = MAX(bytes, excluded.bytes),
        used_at = MAX(used_at, excluded.used_at),
        expires_at = CASE MIN(expires_at, excluded.expires_at) WHEN 0 THEN 0
            ELSE MAX(expires_at, excluded.expires_at) END,
        outside = MIN(outside, excluded.outside);
END;

CREATE TRIGGER delivery_added AFTER INSERT ON delivery WHEN NEW.body_removed_at = 0 BEGIN
    INSERT INTO stock VALUES ('deliveries', NEW.hook, CAST(NEW.received_at / 86400000 AS TEXT), LENGTH(NEW.body),
        NEW.received_at, 0, 0)
    ON CONFLICT (shelf, owner, item) DO UPDATE SET bytes = bytes + excluded.bytes,
        used_at = MAX(used_at, excluded.used_at);
END;
CREATE TRIGGER delivery_emptied AFTER UPDATE OF body_removed_at ON delivery
WHEN OLD.body_removed_at = 0 AND NEW.body_removed_at > 0 BEGIN
    UPDATE stock SET bytes = bytes - LENGTH(OLD.body)
    WHERE shelf = 'deliveries' AND owner = OLD.hook AND item = CAST(OLD.received_at / 86400000 AS TEXT);
    DELETE FROM stock
    WHERE shelf = 'deliveries' AND owner = OLD.hook AND item = CAST(OLD.received_at / 86400000 AS TEXT) AND bytes <= 0;
END;

-- When the sweeper has to look at a repository again, of all as an index.
ALTER TABLE sweep ADD COLUMN next_at INTEGER GENERATED ALWAYS AS (MIN(
    CASE refs_problem WHEN '' THEN due_at ELSE refs_not_before END,
    CASE changes_problem WHEN '' THEN due_at ELSE changes_not_before END)) VIRTUAL;
CREATE INDEX sweep_next ON sweep (next_at);

-- An operator tries given-up statuses of one repository again.
CREATE INDEX status_given_up_repository ON status_outbox (repository, seq) WHERE outcome = 'given_up';
