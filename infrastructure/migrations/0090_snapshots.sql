-- What long streams have come to at some version, so that a command need not load them from their first event. Derived: every row may
-- be deleted at any time. `schema` tells the form of the state apart, and the rules that led to it; others are not read.
-- Not compressed: that would cost a load more than the bytes do, and ciphertext does not shrink.
CREATE TABLE snapshots (
    stream  uuid        NOT NULL,
    kind    text        NOT NULL,
    version bigint      NOT NULL,
    schema  uuid        NOT NULL,
    state   bytea       STORAGE EXTERNAL NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT snapshots_pkey PRIMARY KEY (stream)
) WITH (fillfactor = 80);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON snapshots TO tradewind_app;
    END IF;
END $$;
