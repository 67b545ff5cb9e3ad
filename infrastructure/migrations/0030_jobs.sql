-- What follows from events in the outside world: how far the log was read for it, the jobs that fell due, and the local mailbox.

CREATE TABLE reactions (
    reader text PRIMARY KEY,
    position bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Events the declared effects could not be told of: seen, retried or passed over by a person.
CREATE TABLE parked_reactions (
    reader text NOT NULL,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    stream uuid NOT NULL,
    type text NOT NULL,
    error text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reader, position)
);

-- A job keeps its row when it has ended: its id, derived from the event's, is what makes a replay repeat nothing.
-- `due_at` of a job in work is the end of its lease; `attempts`, raised when it is taken, fences off a worker that lost it.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    work jsonb NOT NULL,
    event_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'skipped', 'dead', 'discarded')),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    taken_by text,
    note text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
) WITH (fillfactor = 80);

CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'due';
CREATE INDEX jobs_dead ON jobs (ended_at DESC, id) WHERE state = 'dead';

-- Where mails go while no SMTP server is set: the whole message as it would have been sent.
CREATE TABLE local_mail (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    recipient text NOT NULL,
    source bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX local_mail_recipient ON local_mail (lower(recipient), number DESC);
