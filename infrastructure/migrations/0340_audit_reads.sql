-- What was read of history, by whom and when: written before the answer is given, and never changed.
CREATE TABLE audit_reads (
    number     bigint      GENERATED ALWAYS AS IDENTITY,
    reader     uuid        NOT NULL,
    -- The route or the role of the program, such as `/v1/audit/events` or `run.py replay`, and what was asked of it.
    what       text        NOT NULL,
    parameters jsonb       NOT NULL,
    -- How many events, states or proofs were given out; none where nothing was found.
    found      bigint      NOT NULL,
    read_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT audit_reads_pkey PRIMARY KEY (number)
);
CREATE INDEX audit_reads_reader ON audit_reads (reader, number);

CREATE FUNCTION refuse_to_change_audit_reads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was read is never changed: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_reads_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_reads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_reads();
ALTER TABLE audit_reads ENABLE ALWAYS TRIGGER audit_reads_are_immutable;

-- The forms in which events are stored, each once: what a starting process compares with those it can read. By the index over types it
-- takes one step for each type, and for the schema versions of each one more.
CREATE INDEX events_type_schema ON events (type, schema) WHERE schema <> 1;

CREATE FUNCTION stored_forms() RETURNS TABLE (type text, schema smallint) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE types AS (
        (SELECT e.type FROM events e ORDER BY e.type LIMIT 1)
        UNION ALL
        SELECT (SELECT e.type FROM events e WHERE e.type > t.type ORDER BY e.type LIMIT 1) FROM types t WHERE t.type IS NOT NULL
    ), later AS (
        (SELECT e.type, e.schema FROM events e WHERE e.schema <> 1 ORDER BY e.type, e.schema LIMIT 1)
        UNION ALL
        SELECT n.type, n.schema FROM later l CROSS JOIN LATERAL (
            SELECT e.type, e.schema FROM events e
            WHERE e.schema <> 1 AND (e.type, e.schema) > (l.type, l.schema) ORDER BY e.type, e.schema LIMIT 1
        ) n
    )
    SELECT t.type, 1::smallint FROM types t WHERE t.type IS NOT NULL
    UNION ALL
    SELECT l.type, l.schema FROM later l
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT ON audit_reads TO tradewind_app;
    END IF;
END $$;
