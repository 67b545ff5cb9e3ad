-- Money and goods before paper: what other commands wait for is taken before letters, invoices and snapshots.

ALTER TABLE jobs ADD COLUMN "rank" smallint NOT NULL DEFAULT 1;

DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs ("rank", due_at, id) WHERE state = 'due';
