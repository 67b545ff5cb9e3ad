-- How far every read model has come, and the events it could not take.

CREATE TABLE projection_positions (
    name       text        NOT NULL,
    version    integer     NOT NULL,
    -- The second number of the advisory lock by which one worker at a time holds the projection.
    lease      integer     GENERATED ALWAYS AS IDENTITY UNIQUE,
    position   bigint      NOT NULL DEFAULT 0,
    -- How many events it has taken in all, those taken again included: what a rate is made of.
    taken      bigint      NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, version)
) WITH (fillfactor = 50);

-- `sequence` is what keeps its order: the row's key, or the stream where no key could be told. Later events of a parked
-- sequence park behind it with an empty error.
CREATE TABLE parked_events (
    projection     text        NOT NULL,
    version        integer     NOT NULL,
    position       bigint      NOT NULL,
    sequence       text        NOT NULL,
    stream         uuid        NOT NULL,
    stream_version bigint      NOT NULL,
    type           text        NOT NULL,
    error          text        NOT NULL,
    attempts       integer     NOT NULL DEFAULT 1,
    parked_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (projection, version, position)
);
