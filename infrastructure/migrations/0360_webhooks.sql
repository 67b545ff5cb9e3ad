-- Endpoints of other systems that public events are sent to: what each is sent, how far feeds were followed for them, and every delivery.

CREATE TABLE webhook_endpoints (
    id               uuid        PRIMARY KEY,
    owner            uuid        NOT NULL,
    url              text        NOT NULL,
    types            text[]      NOT NULL,
    description      text        NOT NULL,
    enabled          boolean     NOT NULL DEFAULT true,
    disabled_because text        CHECK (disabled_because IN ('asked', 'gone', 'failing')),
    disabled_at      timestamptz CHECK ((disabled_at IS NULL) = (disabled_because IS NULL)),
    -- Only what is told behind it is sent by itself: the log's end when the endpoint was made or enabled.
    since            bigint      NOT NULL,
    created_at       timestamptz NOT NULL,
    -- Closed endpoints go, with what was sent to them, once that is removed piece by piece.
    closed           boolean     NOT NULL DEFAULT false,
    -- How sending has gone: since when nothing but failures, how many of them, whether it takes long, and until when to leave it alone.
    failing_since    timestamptz,
    failures         integer     NOT NULL DEFAULT 0,
    slow             boolean     NOT NULL DEFAULT false,
    held_until       timestamptz
);
CREATE INDEX webhook_endpoints_owner ON webhook_endpoints (owner, id) WHERE NOT closed;
CREATE INDEX webhook_endpoints_enabled ON webhook_endpoints (id) WHERE enabled;

-- What messages are signed with, wrapped by the key-encryption key. One without an end, and those that it has followed until they end.
CREATE TABLE webhook_secrets (
    id       uuid        PRIMARY KEY,
    endpoint uuid        NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    wrapped  bytea       NOT NULL,
    made_at  timestamptz NOT NULL,
    ends_at  timestamptz
);
CREATE INDEX webhook_secrets_endpoint ON webhook_secrets (endpoint);
CREATE UNIQUE INDEX webhook_secrets_present ON webhook_secrets (endpoint) WHERE ends_at IS NULL;

-- How far each feed was followed for all endpoints together.
CREATE TABLE webhook_feeds (
    feed     text   PRIMARY KEY,
    position bigint NOT NULL
);

-- What of the past is still to be sent again to one endpoint: behind `position`, up to `upto`.
CREATE TABLE webhook_replays (
    endpoint uuid   NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    feed     text   NOT NULL,
    position bigint NOT NULL,
    upto     bigint NOT NULL,
    PRIMARY KEY (endpoint, feed)
);

-- One per endpoint and public event; the id is made of these, and the receiver's to know a repetition by. A test has no feed.
-- What is `pending` is due at due_at; with a lease it is being sent, and due again when the lease ends. `tries` counts for the
-- schedule, and begins anew where somebody asks for it; `attempts` counts them all.
CREATE TABLE webhook_deliveries (
    id       uuid        PRIMARY KEY,
    endpoint uuid        NOT NULL,
    feed     text        NOT NULL,
    position bigint      NOT NULL,
    type     text        NOT NULL,
    state    text        NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    due_at   timestamptz NOT NULL,
    lease    uuid        CHECK (lease IS NULL OR state = 'pending'),
    tries    integer     NOT NULL DEFAULT 0,
    attempts integer     NOT NULL DEFAULT 0,
    made_at  timestamptz NOT NULL,
    ended_at timestamptz CHECK ((ended_at IS NULL) = (state = 'pending'))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint, due_at, position) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_out ON webhook_deliveries (endpoint) WHERE lease IS NOT NULL;
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (endpoint, made_at DESC, id DESC);
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (endpoint, state, made_at DESC, id DESC);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

-- What came of each: the status of the answer and its beginning, or why there was none.
CREATE TABLE webhook_attempts (
    delivery     uuid        NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
    number       integer     NOT NULL,
    at           timestamptz NOT NULL,
    milliseconds integer     NOT NULL,
    status       integer,
    error        text,
    answer       text        NOT NULL DEFAULT '',
    PRIMARY KEY (delivery, number)
);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        RETURN;
    END IF;
    GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints, webhook_secrets, webhook_feeds, webhook_replays, webhook_deliveries,
        webhook_attempts TO tradewind_app;
END $$;
