-- Who may sign in, and with what. All of it is written in the transaction of the append that tells of it, and none of it is on
-- the log: hashes are no history. What authentication asks on every request is here in two rows found by their keys.

CREATE TABLE accounts (
    user_id   uuid    PRIMARY KEY,
    roles     text[]  NOT NULL,
    suspended boolean NOT NULL DEFAULT false
);

CREATE TABLE credentials (
    user_id       uuid        PRIMARY KEY REFERENCES accounts,
    password_hash text        NOT NULL,
    changed_at    timestamptz NOT NULL
);

CREATE TABLE sessions (
    id           uuid        PRIMARY KEY,
    user_id      uuid        NOT NULL REFERENCES accounts,
    agent        text        NOT NULL,
    address      text        NOT NULL,
    started_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_reason text
);
CREATE INDEX sessions_open ON sessions (user_id, id) WHERE ended_at IS NULL;

-- A session's family of refresh tokens, each known by its SHA-256 only. A used one stays, so that its second use is noticed.
CREATE TABLE refresh_tokens (
    hash       bytea       PRIMARY KEY,
    session_id uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, issued_at);

CREATE TABLE api_keys (
    id           uuid   PRIMARY KEY,
    user_id      uuid   NOT NULL REFERENCES accounts,
    hash         bytea  NOT NULL,
    scopes       text[] NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, UPDATE ON accounts, credentials, sessions, api_keys TO tradewind_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_tokens TO tradewind_app;
    END IF;
END $$;
