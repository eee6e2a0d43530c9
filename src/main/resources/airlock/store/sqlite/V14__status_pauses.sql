-- Forges that refuse statuses (statuses.StatusPauses): all of them where `repository` is empty, since the token is refused, else those
-- of one repository. It ends with the first status that is taken; one is tried at `until`. `credential`: a mark of the refused token.
CREATE TABLE status_pause (
    forge TEXT NOT NULL,
    repository TEXT NOT NULL,
    reason TEXT NOT NULL,
    cure TEXT NOT NULL,
    credential TEXT NOT NULL,
    refusals INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (forge, repository)
) STRICT, WITHOUT ROWID;

-- status_outbox.not_before -1: held by the pause of its repository.
CREATE INDEX status_open_repository ON status_outbox (repository, seq) WHERE outcome IN ('waiting', 'sending', 'unknown');
CREATE INDEX status_given_up_at ON status_outbox (changed_at) WHERE outcome = 'given_up';
