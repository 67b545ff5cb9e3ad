-- The sandbox provider's own books of transfers to sellers' accounts. It shares nothing with the rest but its interface.

CREATE TABLE sandbox_transfers (
    key text PRIMARY KEY,
    payout_id uuid NOT NULL,
    attempt integer NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    code text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    -- From this moment on it has arrived, or failed where there is a code.
    settles_at timestamptz NOT NULL
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT ON sandbox_transfers TO tradewind_app;
    END IF;
END $$;
