-- What is noted of paid tiers beside the log: where members go to pay, which is nobody else's business.
CREATE TABLE tier_checkouts (
    user_id uuid NOT NULL,
    revision integer NOT NULL,
    provider text NOT NULL,
    reference text NOT NULL,
    url text NOT NULL,
    PRIMARY KEY (user_id, revision)
);

-- The sandbox provider's own subscriptions. They share nothing with the rest but their interface.
CREATE TABLE sandbox_subscriptions (
    reference text PRIMARY KEY,
    user_id uuid NOT NULL,
    revision integer NOT NULL,
    tier text NOT NULL,
    period text NOT NULL,
    currency text NOT NULL,
    price bigint NOT NULL,
    return_url text NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL,
    period_ends timestamptz,
    due_at timestamptz,
    attempt integer NOT NULL DEFAULT 0,
    renews boolean NOT NULL DEFAULT true,
    failing boolean NOT NULL DEFAULT false,
    messages integer NOT NULL DEFAULT 0
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, UPDATE ON tier_checkouts, sandbox_subscriptions TO tradewind_app;
    END IF;
END $$;
