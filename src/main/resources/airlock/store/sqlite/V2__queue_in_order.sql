-- So that a full queue costs no more than an empty one: claiming finds its row first in an index, whatever waits.
-- not_before 0: may be claimed; what has a time is set to 0 when that has come.

DROP INDEX request_open;
CREATE INDEX request_open ON request (repository, kind, subject, seq) WHERE state <> 'ended';
CREATE INDEX request_queued ON request (kind = 'change', seq) WHERE state = 'queued' AND not_before = 0;
CREATE INDEX request_waiting ON request (not_before) WHERE state = 'queued' AND not_before > 0;
CREATE INDEX request_claimed ON request (repository, kind, subject) WHERE state = 'claimed';

DROP INDEX run_open;
CREATE INDEX run_queued ON run (trust = 'outside', seq) WHERE state = 'queued' AND not_before = 0;
CREATE INDEX run_waiting ON run (not_before) WHERE state = 'queued' AND not_before > 0;
CREATE INDEX run_claimed ON run (repository, kind, subject) WHERE state = 'claimed';

-- The same for what forges are to be told. status_context serves what status_open_context did.
DROP INDEX status_open_context;
CREATE INDEX status_due ON status_outbox (forge, seq) WHERE outcome IN ('waiting', 'unknown') AND not_before = 0;
CREATE INDEX status_later ON status_outbox (forge, not_before) WHERE outcome IN ('waiting', 'unknown') AND not_before > 0;
UPDATE status_outbox AS o SET not_before = (
    SELECT MAX(n.not_before) FROM status_outbox n
    WHERE n.repository = o.repository AND n.commit_id = o.commit_id AND n.context = o.context
        AND n.outcome IN ('waiting', 'sending', 'unknown'))
WHERE outcome IN ('waiting', 'sending', 'unknown');
