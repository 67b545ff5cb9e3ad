-- Where text messages go while no gateway is set.

CREATE TABLE local_texts (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    recipient text NOT NULL,
    body text NOT NULL,
    received_at timestamptz NOT NULL
);

CREATE INDEX local_texts_recipient ON local_texts (recipient, number DESC);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, DELETE ON local_texts TO tradewind_app;
    END IF;
END $$;
