-- The event log, the results of commands, and what is written with them.

-- 0 is drawn and discarded: a sequence that was never read has the same last_value before and after its first draw, and a
-- reader would pass the first event. CACHE 1, because a reader trusts last_value to be the greatest position given out.
CREATE SEQUENCE events_position AS bigint MINVALUE 0 START WITH 0 CACHE 1;
SELECT nextval('events_position');

CREATE TABLE events (
    position       bigint      NOT NULL,
    version        bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    stream         uuid        NOT NULL,
    event_id       uuid        NOT NULL,
    actor          uuid        NOT NULL,
    command_id     uuid        NOT NULL,
    correlation_id uuid        NOT NULL,
    causation_id   uuid,
    schema         smallint    NOT NULL,
    -- The kind of stream (`listing`) and the event's stable name (`listings.ListingPublished`).
    kind           text        NOT NULL,
    type           text        NOT NULL,
    -- UTF-8 JSON, kept byte for byte: seals are made over it.
    data           bytea       NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (stream, version),
    CONSTRAINT events_position_key UNIQUE (position)
);
CREATE INDEX events_type_position ON events (type, position);
CREATE INDEX events_actor_position ON events (actor, position);
CREATE INDEX events_correlation ON events (correlation_id);
CREATE INDEX events_recorded_at ON events USING brin (recorded_at);

CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER events_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_immutable;

-- Where each command left each of its streams: the answer when it is given again.
CREATE TABLE commands (
    command_id  uuid        NOT NULL,
    ordinal     smallint    NOT NULL,
    stream      uuid        NOT NULL,
    version     bigint      NOT NULL,
    position    bigint      NOT NULL,
    fingerprint bytea       NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT commands_pkey PRIMARY KEY (command_id, ordinal)
);

-- Values that only one owner may have, such as an e-mail address; kept as HMACs, never in clear.
CREATE TABLE reservations (
    space text  NOT NULL,
    value bytea NOT NULL,
    owner uuid  NOT NULL,
    CONSTRAINT reservations_pkey PRIMARY KEY (space, value)
);
CREATE INDEX reservations_owner ON reservations (owner);

-- One key per person, wrapped by the key-encryption key; null once erased, and erased for ever.
CREATE TABLE personal_keys (
    subject    uuid        NOT NULL,
    wrapped    bytea,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT personal_keys_pkey PRIMARY KEY (subject)
);

-- Moves whenever a key is taken away or replaced; processes that see it moved forget the keys they remember.
CREATE TABLE key_epoch (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch  bigint  NOT NULL DEFAULT 0
);
INSERT INTO key_epoch DEFAULT VALUES;

CREATE FUNCTION move_key_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE key_epoch SET epoch = epoch + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER keys_move_the_epoch AFTER UPDATE OR DELETE OR TRUNCATE ON personal_keys
    FOR EACH STATEMENT EXECUTE FUNCTION move_key_epoch();

-- Positions for one append of several events, next to each other. No lock: when another append drew in between, the draw is
-- left as a gap and made again.
CREATE FUNCTION draw_positions(count integer) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    drawn bigint[];
BEGIN
    FOR attempt IN 1..20 LOOP
        drawn := ARRAY(SELECT nextval('events_position') FROM generate_series(1, count));
        EXIT WHEN count < 2 OR drawn[count] - drawn[1] = count - 1;
        PERFORM pg_sleep(random() * attempt * count / 500000);
    END LOOP;
    RETURN drawn;
END $$;

-- Nothing can still commit at or below this position. Every append holds, from before it draws a position, a shared advisory
-- lock whose key is the last position given out at that moment. Two statements, in this order: an append whose lock is not yet
-- seen by the second draws above the head read by the first. Events must be read in a later statement.
CREATE FUNCTION stable_position() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head  bigint;
    floor bigint;
BEGIN
    SELECT last_value INTO head FROM events_position;
    SELECT min((classid::bigint << 32) | objid::bigint) INTO floor
    FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN least(head, floor);
END $$;

CREATE VIEW audit_events AS
SELECT position, stream, version, kind, type, schema, event_id, convert_from(data, 'UTF8')::jsonb AS data,
       actor, command_id, correlation_id, causation_id, recorded_at
FROM events;

-- What the application runs as in production: `GRANT tradewind_app TO <its login>`. It cannot change history.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)) THEN
        RETURN;
    END IF;
    BEGIN
        CREATE ROLE tradewind_app NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- roles belong to the whole server: another database of it was first
    END;
    GRANT SELECT, INSERT ON events, commands TO tradewind_app;
    GRANT SELECT ON audit_events TO tradewind_app;
    GRANT USAGE, SELECT ON SEQUENCE events_position TO tradewind_app;
    GRANT SELECT, INSERT, DELETE ON reservations TO tradewind_app;
    GRANT SELECT, INSERT, UPDATE ON personal_keys, key_epoch TO tradewind_app;
END $$;
