-- What is noted of payments beside the log: what providers were asked, what they have sent, and how the books compared.

-- Written before a provider is asked, so that an answer that never came is known to be missing.
CREATE TABLE payment_attempts (
    payment_id uuid NOT NULL,
    attempt integer NOT NULL,
    provider text NOT NULL,
    tried_at timestamptz NOT NULL,
    reference text NOT NULL DEFAULT '',
    -- Where the payer has to go, until it is settled: nobody else's business.
    action_url text NOT NULL DEFAULT '',
    PRIMARY KEY (payment_id, attempt)
);

CREATE INDEX payment_attempts_asked ON payment_attempts (provider, tried_at);

-- Messages of providers as they came, byte by byte.
CREATE TABLE payment_messages (
    id uuid PRIMARY KEY,
    provider text NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL,
    handling text NOT NULL DEFAULT 'received' CHECK (handling IN ('received', 'done', 'ignored', 'unknown', 'refused')),
    note text NOT NULL DEFAULT '',
    payment_id uuid,
    handled_at timestamptz,
    UNIQUE (provider, event_id)
);

CREATE INDEX payment_messages_newest ON payment_messages (received_at DESC, id DESC);
CREATE INDEX payment_messages_handling ON payment_messages (handling, received_at DESC, id DESC);

CREATE TABLE payment_comparisons (
    id uuid PRIMARY KEY,
    provider text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    checked integer NOT NULL,
    differences json NOT NULL
);

CREATE INDEX payment_comparisons_newest ON payment_comparisons (until DESC, id DESC);

-- The sandbox provider's own books. It shares nothing with the rest but its interface.
CREATE TABLE sandbox_charges (
    reference text PRIMARY KEY,
    key text NOT NULL UNIQUE,
    payment_id uuid NOT NULL,
    attempt integer NOT NULL,
    number text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    manual boolean NOT NULL,
    return_url text NOT NULL,
    state text NOT NULL,
    code text NOT NULL DEFAULT '',
    captured bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    -- A delayed charge becomes captured at this moment by itself.
    settles_at timestamptz
);

CREATE INDEX sandbox_charges_payment ON sandbox_charges (payment_id, attempt);
CREATE INDEX sandbox_charges_created ON sandbox_charges (created_at);

-- Requests by key that were lost on the way there: how often, and since when.
CREATE TABLE sandbox_lost (
    key text PRIMARY KEY,
    first_at timestamptz NOT NULL
);

CREATE TABLE sandbox_refunds (
    reference text PRIMARY KEY,
    key text NOT NULL UNIQUE,
    charge text NOT NULL REFERENCES sandbox_charges,
    amount bigint NOT NULL,
    state text NOT NULL,
    code text NOT NULL DEFAULT ''
);

CREATE TABLE sandbox_messages (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    body bytea NOT NULL,
    sent_at timestamptz
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, UPDATE ON payment_attempts, payment_messages, payment_comparisons TO tradewind_app;
        GRANT SELECT, INSERT, UPDATE ON sandbox_charges, sandbox_lost, sandbox_refunds, sandbox_messages TO tradewind_app;
    END IF;
END $$;
