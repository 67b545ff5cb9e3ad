-- Behind which position the events of a moment begin, by halving: positions and times grow together but for appends that ran
-- at the same time, so callers who want all leave a margin. It spares a B-tree over times, which every append would pay for.
CREATE FUNCTION position_around(moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    low  bigint := 0;
    high bigint := coalesce((SELECT max(position) FROM events), 0);
    middle bigint;
    found_position bigint;
    found_at timestamptz;
BEGIN
    WHILE low < high LOOP
        middle := (low + high) / 2;
        SELECT position, recorded_at INTO found_position, found_at FROM events WHERE position > middle ORDER BY position LIMIT 1;
        IF FOUND AND found_at < moment THEN
            low := found_position;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    RETURN low;
END $$;
