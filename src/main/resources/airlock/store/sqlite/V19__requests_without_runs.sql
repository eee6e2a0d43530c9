-- Requests that ended without a run, so that lists show them and broken ones are tried again (queue.TipTests). ended_early: 1 if it
-- ended without a run and was not superseded. retry_with: a mark of the address and credentials with which the source could not be
-- read (source.RemoteRepository); NULL if it is not tried again by itself. retries: how often it was tried again with those.
ALTER TABLE request ADD COLUMN ended_early INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN retry_with TEXT;
ALTER TABLE request ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;

UPDATE request SET ended_early = 1
WHERE state = 'ended' AND trust IS NULL AND verdict <> 'superseded';
UPDATE request SET retry_with = ''
WHERE ended_early = 1 AND verdict = 'broke' AND reason NOT LIKE 'the server died %';

CREATE INDEX request_early ON request (seq) WHERE ended_early = 1;
CREATE INDEX request_early_repository ON request (repository, seq) WHERE ended_early = 1;
CREATE INDEX request_early_subject ON request (repository, kind, subject, seq) WHERE ended_early = 1;
CREATE INDEX request_retry ON request (repository, seq) WHERE ended_early = 1 AND retry_with IS NOT NULL;
