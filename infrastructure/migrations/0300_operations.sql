-- What operators do about read models: pausing them, having parked events tried again or passed over, building them anew.

ALTER TABLE projection_positions
    -- Which building of the read model is served: 1 is the first, each rebuild makes the next.
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD COLUMN paused boolean NOT NULL DEFAULT false;

CREATE FUNCTION served_version(projection text) RETURNS integer LANGUAGE sql STABLE AS
    'SELECT max(version) FROM projection_positions WHERE name = projection';

-- When somebody asked for it to be tried again; its whole sequence is then tried, in order.
ALTER TABLE parked_events ADD COLUMN retry_at timestamptz;
CREATE INDEX parked_events_retry ON parked_events (projection, version) WHERE retry_at IS NOT NULL;
ALTER TABLE parked_reactions ADD COLUMN retry_at timestamptz;

-- Events that a person has let go: whoever builds the read model anew passes over them as well.
CREATE TABLE skipped_events (
    projection text        NOT NULL,
    version    integer     NOT NULL,
    position   bigint      NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (projection, version, position)
);

-- Every building of a read model beside the served one. `ready` has caught up and waits for the moment of the switch; `switched`
-- keeps what it replaced; `dropped` is to drop it, and is `done` when that has gone. Of what ended, `ended_at` says that
-- nothing of it is left beside. `report` names keys and fields, never values.
CREATE TABLE projection_rebuilds (
    name         text        NOT NULL,
    version      integer     NOT NULL,
    generation   integer     NOT NULL,
    purpose      text        NOT NULL CHECK (purpose IN ('rebuild', 'check')),
    state        text        NOT NULL DEFAULT 'requested'
                 CHECK (state IN ('requested', 'building', 'ready', 'switched', 'done', 'failed', 'cancelled', 'dropped')),
    position     bigint      NOT NULL DEFAULT 0,
    goal         bigint      NOT NULL DEFAULT 0,
    events       bigint      NOT NULL DEFAULT 0,
    differences  bigint,
    report       jsonb,
    error        text,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at   timestamptz,
    ended_at     timestamptz,
    PRIMARY KEY (name, version, generation)
);
CREATE UNIQUE INDEX projection_rebuilds_one ON projection_rebuilds (name, version) WHERE state IN ('requested', 'building', 'ready');
CREATE INDEX projection_rebuilds_open ON projection_rebuilds (requested_at) WHERE ended_at IS NULL;

-- Rows of read models that are to be made from zero, since what their events say to us has changed: somebody was forgotten.
CREATE TABLE projection_refolds (
    name       text        NOT NULL,
    version    integer     NOT NULL,
    generation integer     NOT NULL,
    key        text        NOT NULL,
    asked      bigint      GENERATED ALWAYS AS IDENTITY,
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, version, generation, key)
);

-- Whether the service only reads: one row.
CREATE TABLE maintenance (
    one       boolean     PRIMARY KEY DEFAULT true CHECK (one),
    read_only boolean     NOT NULL,
    reason    text        NOT NULL,
    since     timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO maintenance (read_only, reason) VALUES (false, '');

-- Where read models are built beside the served ones, and where those stay that were replaced, under the names they are served by.
CREATE SCHEMA tradewind_building;
CREATE SCHEMA tradewind_replaced;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        RETURN;
    END IF;
    GRANT USAGE, CREATE ON SCHEMA tradewind_building, tradewind_replaced TO tradewind_app;
    GRANT SELECT, INSERT, UPDATE ON projection_rebuilds TO tradewind_app;
    GRANT SELECT, INSERT, DELETE ON skipped_events TO tradewind_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON projection_refolds TO tradewind_app;
    GRANT SELECT, UPDATE ON maintenance TO tradewind_app;
END $$;
