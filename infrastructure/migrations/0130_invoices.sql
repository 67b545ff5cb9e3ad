-- The files of invoices and credit notes, kept for as long as the law obliges to: each sealed with the key of its year, so that who is
-- forgotten is not forgotten by them, and so that a year is gone for good once its key is. Written with the papers, and never changed.
CREATE TABLE invoice_keys (
    year    integer     NOT NULL,
    wrapped bytea       NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT invoice_keys_pkey PRIMARY KEY (year)
);

CREATE TABLE invoice_files (
    document_id uuid        NOT NULL,
    year        integer     NOT NULL,
    sealed      bytea       NOT NULL,
    kept_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT invoice_files_pkey PRIMARY KEY (document_id)
);
-- They are cipher: there is nothing to compress.
ALTER TABLE invoice_files ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE FUNCTION refuse_to_change_papers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'invoices are never changed: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER papers_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_papers();
ALTER TABLE invoice_files ENABLE ALWAYS TRIGGER papers_are_immutable;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT ON invoice_keys, invoice_files TO tradewind_app;
    END IF;
END $$;
