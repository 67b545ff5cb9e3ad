-- Where couriers are while they deliver. No history of the market: it is written as it comes, a partition for each day, and a day's
-- partition goes as a whole when nobody has a right to it any more.

CREATE TABLE courier_tracks (
    recorded_at timestamptz NOT NULL,
    at timestamptz NOT NULL,
    courier_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL
) PARTITION BY RANGE (recorded_at);

CREATE INDEX courier_tracks_by_delivery ON courier_tracks (delivery_id, at DESC);

-- The last position of each, which is what everybody asks for.
CREATE TABLE courier_positions (
    courier_id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL
) WITH (fillfactor = 70);

-- Makes the partitions of a day and the next, and drops those of days before `oldest`. Whoever writes positions calls it when a
-- partition is missing; the rights are the owner's, since the application may not make partitions of a table that is not its own.
CREATE FUNCTION turn_courier_tracks(today date, oldest date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    day date;
    old text;
BEGIN
    PERFORM pg_advisory_xact_lock(0, hashtext('courier_tracks'));
    FOREACH day IN ARRAY ARRAY[today, today + 1] LOOP
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF courier_tracks FOR VALUES FROM (%L) TO (%L)',
            'courier_tracks_' || to_char(day, 'YYYYMMDD'), day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00'
        );
    END LOOP;
    FOR old IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'courier_tracks'::regclass AND right(c.relname, 8) < to_char(oldest, 'YYYYMMDD')
    LOOP
        EXECUTE format('DROP TABLE %I', old);
    END LOOP;
END $$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT ON courier_tracks TO tradewind_app;
        GRANT SELECT, INSERT, UPDATE ON courier_positions TO tradewind_app;
        REVOKE EXECUTE ON FUNCTION turn_courier_tracks(date, date) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION turn_courier_tracks(date, date) TO tradewind_app;
    END IF;
END $$;
