-- The papers that suppliers show to staff, each sealed with a key of its own that is wrapped by the installation's.
CREATE TABLE supplier_documents (
    document_id uuid        NOT NULL,
    supplier_id uuid        NOT NULL,
    wrapped     bytea       NOT NULL,
    sealed      bytea       NOT NULL,
    kept_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT supplier_documents_pkey PRIMARY KEY (document_id)
);
-- They are cipher: there is nothing to compress.
ALTER TABLE supplier_documents ALTER COLUMN sealed SET STORAGE EXTERNAL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT, DELETE ON supplier_documents TO tradewind_app;
    END IF;
END $$;
