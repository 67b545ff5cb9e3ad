-- Consumer groups of feeds: how far each has taken its feed up, and every event that it has taken up and not yet done with.

CREATE TABLE consumers (
    id            uuid        PRIMARY KEY,
    feed          text        NOT NULL,
    name          text        NOT NULL,
    owner         uuid        NOT NULL,
    types         text[]      NOT NULL,
    max_attempts  integer     NOT NULL,
    lease_seconds integer     NOT NULL,
    -- Everything of the feed up to here was acknowledged, was skipped, or has a row below.
    position      bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    UNIQUE (feed, name)
);

-- `due` may be given from due_at on; `out` is given and is due again when its lease ends, at due_at; `parked` waits for a person;
-- `behind` waits for an earlier event of the same subject. What is acknowledged goes.
CREATE TABLE consumer_deliveries (
    consumer  uuid        NOT NULL REFERENCES consumers ON DELETE CASCADE,
    position  bigint      NOT NULL,
    subject   text        NOT NULL,
    state     text        NOT NULL CHECK (state IN ('due', 'out', 'parked', 'behind')),
    due_at    timestamptz CHECK ((due_at IS NULL) = (state IN ('parked', 'behind'))),
    lease     uuid        CHECK ((lease IS NOT NULL) = (state = 'out')),
    attempts  integer     NOT NULL DEFAULT 0,
    reason    text        NOT NULL DEFAULT '',
    parked_at timestamptz CHECK ((parked_at IS NOT NULL) = (state = 'parked')),
    PRIMARY KEY (consumer, position)
);
-- Order is kept by key: of a subject at most one event is due, out or parked.
CREATE UNIQUE INDEX consumer_deliveries_first ON consumer_deliveries (consumer, subject) WHERE state <> 'behind';
CREATE INDEX consumer_deliveries_behind ON consumer_deliveries (consumer, subject, position) WHERE state = 'behind';
CREATE INDEX consumer_deliveries_due ON consumer_deliveries (consumer, due_at, position) WHERE due_at IS NOT NULL;
CREATE INDEX consumer_deliveries_parked ON consumer_deliveries (consumer, position) WHERE state = 'parked';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        RETURN;
    END IF;
    GRANT SELECT, INSERT, UPDATE, DELETE ON consumers, consumer_deliveries TO tradewind_app;
END $$;
