-- Codes that people sign in with who have no mail. The code itself is not here: it is made from the row's id under a key of the
-- installation. A row goes when its code is used, and the others when they are too old.

CREATE TABLE phone_codes (
    concealed bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    number text NOT NULL,
    expires_at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0
);

CREATE INDEX phone_codes_expiry ON phone_codes (expires_at);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON phone_codes TO tradewind_app;
    END IF;
END $$;
