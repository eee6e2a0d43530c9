-- 1: superseded, and its request was queued again; the request's verdict does not count it any more.
ALTER TABLE run ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
